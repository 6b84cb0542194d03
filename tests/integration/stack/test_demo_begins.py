"""What `make up` says at the end is true, and the demo that it starts is for this machine only."""

import httpx
import psutil
import pytest
from lone_proxy import own_addresses
from platform_under_test import Platform

from samtale.stack import code


def test_the_table_a_link_for_each_and_three_things_to_try(platform: Platform) -> None:
    # Somebody may be at work on the code while the tests run; that is not what is asked here.
    code.note(platform.folders)
    answer = platform.samtale("up", "--demo", "--ensure")
    assert answer.returncode == 0, answer.stderr
    lines = answer.stdout.splitlines()
    parts = [line.split()[:2] for line in lines]
    assert all(
        [part, "healthy"] in parts for part in ("postgres", "synapse", "portal", "worker", "proxy", "testidp")
    )
    links = dict(line.strip().rsplit(maxsplit=1) for line in lines if "/adgang/demo/ind/" in line)
    assert list(links) == [platform.person(key).name for key in ("anna", "bo", "freja")]
    for link in links.values():
        first, second = httpx.get(link), httpx.get(link)
        assert (first.status_code, first.headers["location"], second.status_code) == (303, "/", 410)
    begin = lines.index("Try this:")
    assert [line.split()[0] for line in lines[begin + 1 :]] == ["1.", "2.", "3."]


def test_every_listener_of_the_demo_is_on_loopback(platform: Platform) -> None:
    supervisor = psutil.Process(platform.supervisor_pid)
    ours = {supervisor.pid, *(child.pid for child in supervisor.children(recursive=True))}
    listeners = [
        connection.laddr
        for connection in psutil.net_connections(kind="inet")
        if connection.pid in ours and connection.status == psutil.CONN_LISTEN
    ]
    assert {address.port for address in listeners} == set(platform.ports.values())
    assert {address.ip for address in listeners} <= {"127.0.0.1", "::1"}


def test_nobody_gets_in_by_the_machines_own_address_or_another_name(platform: Platform) -> None:
    for port in platform.ports.values():
        for address in own_addresses():
            with pytest.raises(httpx.ConnectError, match="refused"):
                httpx.get(f"http://{address}:{port}/adgang/demo", headers={"Host": f"localhost:{port}"})
    forged = {"Host": "samtale.example.dk"}
    assert httpx.get(f"{platform.url}/adgang/demo", headers=forged).status_code == 421
    beside = f"http://127.0.0.1:{platform.ports['portal']}/adgang/demo"
    assert httpx.get(beside, headers=forged).status_code == 400
