"""The platform heals by itself, and nothing that was acknowledged is lost or doubled."""

import time
from collections.abc import Callable

import httpx
import psutil
import pytest
from conversation import Conversation
from platform_under_test import Platform

Token = Callable[[], str]


@pytest.mark.parametrize("part", ["synapse", "postgres", "portal", "proxy", "worker"])
def test_a_killed_part_comes_back_while_people_write(bare: Platform, new_token: Token, part: str) -> None:
    talk = Conversation(bare, new_token())
    talk.start()
    talk.wait_for_more(3)
    before = bare.pid(part)
    killed = psutil.Process(before)
    killed.kill()
    psutil.wait_procs([killed], timeout=10)
    bare.wait_for_new_process(part, before)
    talk.wait_for_more(5)
    talk.stop()
    bare.wait_until_healthy("postgres", "synapse", "portal", "worker", "proxy")
    stored = talk.stored()
    assert stored == talk.acknowledged
    # A client that is told 401 signs its person out.
    assert 401 not in talk.refusals
    if part == "portal":
        assert talk.refusals == set()


def test_while_the_portal_is_away_nobody_is_signed_out(bare: Platform, new_token: Token) -> None:
    """Whom Synapse has just asked about goes on; of others it cannot tell, and says so instead of 401."""
    known, unknown = new_token(), new_token()
    metadata = "/_matrix/client/v1/auth_metadata"
    assert whoami(bare, known) == 200
    published = httpx.get(bare.url + metadata).json()
    supervisor = psutil.Process(bare.supervisor_pid)
    before = bare.pid("portal")
    # Else it is back before one has looked.
    supervisor.suspend()
    try:
        portal = psutil.Process(before)
        for process in (portal, *portal.children(recursive=True)):
            process.kill()
        assert whoami(bare, known) == 200
        assert whoami(bare, unknown) == 503
    finally:
        supervisor.resume()
    bare.wait_for_new_process("portal", before)
    assert whoami(bare, unknown) == 200
    assert whoami(bare, known) == 200
    assert httpx.get(bare.url + metadata).json() == published


def whoami(platform: Platform, token: str) -> int:
    """The status that Synapse answers with."""
    return httpx.get(
        f"{platform.url}/_matrix/client/v3/account/whoami",
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    ).status_code


def test_nothing_outlives_a_killed_supervisor_and_the_next_start_works(
    bare: Platform, new_token: Token
) -> None:
    talk = Conversation(bare, new_token())
    talk.start()
    talk.wait_for_more(3)
    tree = psutil.Process(bare.supervisor_pid).children(recursive=True)
    bare.kill_supervisor()
    # A worker that is in the middle of something asks in vain for a minute for what went before it did.
    gone, alive = psutil.wait_procs(tree, timeout=90)
    assert not alive, [process.cmdline() for process in alive]
    assert gone
    assert bare.samtale("status").returncode == 1
    bare.start()
    talk.wait_for_more(3)
    talk.stop()
    assert talk.stored() == talk.acknowledged


def test_what_a_killed_supervisor_left_is_ended_by_the_next_start(bare: Platform) -> None:
    """A part that ignores its supervisor's death, as a stopped process does."""
    stubborn = psutil.Process(bare.pid("worker"))
    stubborn.suspend()
    bare.kill_supervisor()
    time.sleep(1)
    assert stubborn.is_running()
    bare.start()
    assert not stubborn.is_running()
    assert bare.status()["healthy"] is True


def test_down_stops_everything(bare: Platform) -> None:
    tree = psutil.Process(bare.supervisor_pid).children(recursive=True)
    answer = bare.samtale("down")
    assert answer.returncode == 0, answer.stderr
    assert not [process for process in tree if process.is_running()]
    assert bare.samtale("down").returncode == 0
    answer = bare.samtale("status", "--json")
    assert answer.returncode == 1
    assert '"healthy": false' in answer.stdout
    bare.start()
