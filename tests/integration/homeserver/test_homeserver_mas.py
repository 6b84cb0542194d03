"""Each call of the contract with Synapse's auth service, against Synapse."""

import secrets
import time
from threading import Thread

import pytest
from lone_synapse import LoneSynapse, wait_until

from samtale.homeserver.mas import (
    DeleteDevice,
    DeleteUser,
    IsLocalpartAvailable,
    ProvisionUser,
    QueryUser,
    ReactivateUser,
    SetDisplayname,
    SyncDevices,
    UpdateDeviceDisplayName,
    UpsertDevice,
)
from samtale.homeserver.sender import HomeserverRefused, HomeserverUnreachable, Sender


@pytest.fixture
def localpart() -> str:
    return f"m{secrets.token_hex(4)}"


def devices_of(homeserver: LoneSynapse, localpart: str) -> dict[str, str | None]:
    administrator = homeserver.administrator("Freja")
    user_id = f"@{localpart}:{homeserver.config.server_name}"
    found = administrator.get(f"../../_synapse/admin/v2/users/{user_id}/devices").json()["devices"]
    return {device["device_id"]: device["display_name"] for device in found}


def test_a_user_is_made_once_and_then_brought_up_to_date(homeserver: LoneSynapse, localpart: str) -> None:
    send = homeserver.mas.send
    assert send(QueryUser(localpart)) is None
    assert send(IsLocalpartAvailable(localpart)) is True
    assert send(ProvisionUser(localpart, "Søren Ågård")) is True
    assert send(ProvisionUser(localpart, "Søren Østergård", locked=True)) is False
    assert send(IsLocalpartAvailable(localpart)) is False
    user = send(QueryUser(localpart))
    assert user is not None
    assert (user.user_id, user.displayname) == (f"@{localpart}:localhost", "Søren Østergård")
    assert (user.suspended, user.deactivated) == (False, False)
    send(SetDisplayname(localpart, "Søren"))
    assert getattr(send(QueryUser(localpart)), "displayname", None) == "Søren"


@pytest.mark.parametrize("bad", ["Anna", "å", "a b", "_x", "12345678"])
def test_a_malformed_localpart_is_not_available(homeserver: LoneSynapse, bad: str) -> None:
    assert homeserver.mas.send(IsLocalpartAvailable(bad)) is False


def test_the_portals_own_account_is_refused(homeserver: LoneSynapse) -> None:
    assert homeserver.mas.send(IsLocalpartAvailable("samtale")) is False


def test_devices_come_and_go(homeserver: LoneSynapse, localpart: str) -> None:
    send = homeserver.mas.send
    with pytest.raises(HomeserverRefused) as refused:
        send(UpsertDevice(localpart, "PHONE00001"))
    assert refused.value.status == 404
    send(ProvisionUser(localpart, "Bo"))
    assert send(UpsertDevice(localpart, "PHONE00001", "Bos telefon")) is True
    assert send(UpsertDevice(localpart, "PHONE00001", "Bos telefon")) is False
    send(UpdateDeviceDisplayName(localpart, "PHONE00001", "Telefonen"))
    assert devices_of(homeserver, localpart) == {"PHONE00001": "Telefonen"}
    send(SyncDevices(localpart, ("LAPTOP0001", "TABLET0001")))
    assert set(devices_of(homeserver, localpart)) == {"LAPTOP0001", "TABLET0001"}
    send(DeleteDevice(localpart, "LAPTOP0001"))
    send(DeleteDevice(localpart, "LAPTOP0001"))
    assert set(devices_of(homeserver, localpart)) == {"TABLET0001"}
    send(SyncDevices(localpart, ()))
    assert devices_of(homeserver, localpart) == {}


def test_a_deleted_device_ends_an_open_long_poll(homeserver: LoneSynapse) -> None:
    bo = homeserver.person("Bo")
    since = bo.get("v3/sync?timeout=0").json()["next_batch"]
    poll = Thread(target=bo.get, args=(f"v3/sync?since={since}&timeout=25000",))
    poll.start()
    time.sleep(1)  # let the request arrive and wait
    localpart = bo.user_id[1:].partition(":")[0]
    homeserver.mas.send(DeleteDevice(localpart, "TESTDEVICE01"))
    assert bo.get("v3/account/whoami").status_code == 401
    # The poll answers with nothing new, long before its time; the next one is refused.
    wait_until(lambda: not poll.is_alive(), "the long poll", seconds=15)
    assert bo.get(f"v3/sync?since={since}&timeout=0").status_code == 401


def test_a_deactivated_user_leaves_and_comes_back(homeserver: LoneSynapse, localpart: str) -> None:
    send = homeserver.mas.send
    send(ProvisionUser(localpart, "Egon"))
    send(DeleteUser(localpart, erase=True))
    user = send(QueryUser(localpart))
    assert user is not None
    assert user.deactivated
    assert user.displayname is None
    wait_until(lambda: reactivated(homeserver, localpart), "reactivation")
    assert not getattr(send(QueryUser(localpart)), "deactivated", True)


def reactivated(homeserver: LoneSynapse, localpart: str) -> bool:
    """False, and to be asked again: Synapse makes some indexes of a new database only after its start."""
    try:
        homeserver.mas.send(ReactivateUser(localpart))
    except HomeserverUnreachable:
        return False
    return True


def test_a_wrong_secret_is_refused(homeserver: LoneSynapse, localpart: str) -> None:
    for wrong in ("wrong", homeserver.secrets.as_token):
        sender = Sender(homeserver.base_url, wrong)
        with pytest.raises(HomeserverRefused) as refused:
            sender.send(ProvisionUser(localpart, "x"))
        assert refused.value.status == 403
        sender.close()
