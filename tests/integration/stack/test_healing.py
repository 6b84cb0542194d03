"""The platform heals by itself, and nothing that was acknowledged is lost or doubled."""

import os
import signal
import time

import psutil
import pytest
from conversation import Conversation
from platform_under_test import Platform


@pytest.mark.parametrize("part", ["synapse", "postgres", "portal", "proxy", "worker"])
def test_a_killed_part_comes_back_while_people_write(bare: Platform, part: str) -> None:
    talk = Conversation(bare)
    talk.start()
    talk.wait_for_more(3)
    before = bare.pid(part)
    os.kill(before, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(before)] if psutil.pid_exists(before) else [], timeout=10)
    bare.wait_for_new_process(part, before)
    talk.wait_for_more(5)
    talk.stop()
    bare.wait_until_healthy("postgres", "synapse", "portal", "worker", "proxy")
    stored = talk.stored()
    assert stored == talk.acknowledged


def test_nothing_outlives_a_killed_supervisor_and_the_next_start_works(bare: Platform) -> None:
    talk = Conversation(bare)
    talk.start()
    talk.wait_for_more(3)
    tree = psutil.Process(bare.supervisor_pid).children(recursive=True)
    bare.kill_supervisor()
    gone, alive = psutil.wait_procs(tree, timeout=30)
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
