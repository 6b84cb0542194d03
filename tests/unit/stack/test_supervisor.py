"""The supervisor's rules, shown with parts that are small shell scripts."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from samtale import config
from samtale.cli.application import app as samtale_command
from samtale.stack import folders, privilege, supervisor
from samtale.stack import state as states
from samtale.stack.folders import Folders
from samtale.stack.part import Part, Unhealthy
from samtale.stack.process import MARK, clear_leftovers
from samtale.stack.state import State
from samtale.stack.supervisor import Supervisor


@pytest.fixture
def place(tmp_path: Path) -> Folders:
    settings = config.load(environment={"SAMTALE_DATA": str(tmp_path / "data")})
    made = folders.place(settings, privilege.Accounts(None, None))
    made.make()
    return made


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "_BACK_OFF", (0.01, 0.02))
    monkeypatch.setattr(supervisor, "_PROBE_EVERY", 0.05)
    monkeypatch.setattr(supervisor, "_FIRST_PROBES_EVERY", 0.02)


def _script(name: str, text: str, **more: object) -> Part:
    return Part(name, ("/bin/sh", "-c", text), environment={"PATH": os.defpath}, **more)  # type: ignore[arg-type]


def _run(
    place: Folders, *parts: Part, until: Callable[[State], bool] | None = None
) -> tuple[State, list[State]]:
    """Run until it ends by itself, or ask it to stop once `until` holds."""
    seen: list[State] = []

    def tell(now: State) -> None:
        seen.append(now)
        if until and until(now) and now.phase in {"starting", "running"}:
            os.kill(os.getpid(), signal.SIGTERM)

    with states.take_lock(place.lock) as lock:
        kept = Supervisor(parts, place, "http://x", pid=os.getpid(), lock=lock, on_change=tell)
        return asyncio.run(kept.run()), seen


def _order(seen: list[State], phase: str) -> list[str]:
    order: list[str] = []
    for now in seen:
        order += [part.name for part in now.parts if part.phase == phase and part.name not in order]
    return order


async def _fine() -> str:
    return "fine"


def test_parts_start_in_order_of_need_and_stop_in_reverse(place: Folders) -> None:
    last, seen = _run(
        place,
        _script("c", "exec sleep 60", probe=_fine, needs=("b",)),
        _script("b", "exec sleep 60", probe=_fine, needs=("a",)),
        _script("a", "exec sleep 60", probe=_fine),
        until=lambda now: now.phase == "running",
    )
    assert _order(seen, "healthy") == ["a", "b", "c"]
    assert _order(seen, "stopped") == ["c", "b", "a"]
    assert last.phase == "stopped"


def test_a_step_is_done_before_what_needs_it(place: Folders) -> None:
    _, seen = _run(
        place,
        _script("step", "echo worked", step=True),
        _script("part", "exec sleep 60", probe=_fine, needs=("step",)),
        until=lambda now: now.phase == "running",
    )
    first = next(now for now in seen if now.part("part").phase == "starting")
    assert first.part("step").phase == "done"
    assert (place.logs / "step.log").read_text() == "worked\n"


def test_a_part_that_dies_is_started_again(place: Folders) -> None:
    flag = place.root / "died"
    _, seen = _run(
        place,
        _script("part", f"test -e {flag} && exec sleep 60; touch {flag}; exit 3", probe=_alive_after(flag)),
        until=lambda now: now.part("part").phase == "healthy",
    )
    restarting = next(now for now in seen if now.part("part").phase == "restarting")
    assert restarting.part("part").detail == "ended with exit code 3"
    assert seen[-1].part("part").restarts == 1


def _alive_after(flag: Path) -> Callable[[], object]:
    async def probe() -> str:
        if not os.path.exists(flag):  # noqa: ASYNC240 - a look at a local file
            raise Unhealthy("not yet")
        await asyncio.sleep(0.1)
        return "alive"

    return probe


def test_a_part_that_fails_again_and_again_ends_the_first_start_loudly(place: Folders) -> None:
    last, _ = _run(
        place,
        _script("good", "exec sleep 60", probe=_fine),
        _script("bad", "echo the reason; exit 7"),
    )
    assert last.phase == "failed"
    assert "bad: ended with exit code 7, 3 times; it last wrote:" in last.message
    assert "the reason" in last.message
    assert last.part("good").phase == "stopped"


def test_a_part_that_gives_up_later_leaves_the_others_and_status_says_so(place: Folders) -> None:
    broken = place.root / "broken"
    shown = []

    def until(now: State) -> bool:
        if now.phase == "running":
            broken.touch()
        if now.part("bad").phase != "failed" or now.phase != "running":
            return False
        shown.append(CliRunner().invoke(samtale_command, ["status", "--json", "--data", str(place.root)]))
        return True

    last, seen = _run(
        place,
        _script("good", "exec sleep 60", probe=_fine),
        _script("bad", f"until test -e {broken}; do sleep 0.05; done; echo why; exit 7", probe=_fine),
        until=until,
    )
    now = json.loads(shown[0].stdout)
    assert (shown[0].exit_code, now["healthy"]) == (1, False)
    parts = {part["name"]: part for part in now["parts"]}
    assert parts["good"]["healthy"]
    assert not parts["bad"]["healthy"]
    assert parts["bad"]["detail"].startswith("failed; bad: ended with exit code 7, 3 times")
    assert last.phase == "stopped", "the supervisor itself did not fail"
    assert _order(seen, "stopped") == ["good"]


def test_a_hang_up_reaches_the_portal_and_nothing_else(place: Folders) -> None:
    told = place.root / "told"
    hears = f"trap 'touch {told}-$0' HUP; while :; do sleep 0.05; done"

    def until(now: State) -> bool:
        if now.phase == "running" and not asked:
            asked.append(os.kill(os.getpid(), signal.SIGHUP))
        return False

    async def when_told() -> str:
        if asked and told.with_name("told-portal").exists():
            os.kill(os.getpid(), signal.SIGTERM)
        return "fine"

    asked: list[None] = []
    _run(
        place,
        Part("portal", ("/bin/sh", "-c", hears, "portal"), environment={"PATH": os.defpath}, probe=when_told),
        Part("other", ("/bin/sh", "-c", hears, "other"), environment={"PATH": os.defpath}, probe=_fine),
        until=until,
    )
    assert told.with_name("told-portal").exists()
    assert not told.with_name("told-other").exists()


def test_a_program_that_is_not_there_is_named(place: Folders) -> None:
    last, _ = _run(place, Part("bad", ("/no/such/program",)))
    assert "/no/such/program cannot be started: No such file or directory" in last.message


def test_a_part_that_never_gets_healthy_is_given_up(place: Folders) -> None:
    async def never() -> str:
        raise Unhealthy("port 1: nobody there")

    last, _ = _run(place, _script("deaf", "exec sleep 60", probe=never, start_seconds=0.1))
    assert "deaf: not healthy within 0 s: port 1: nobody there" in last.message


def test_a_part_that_hangs_is_killed_and_started_again(
    place: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_HANGING_AFTER", 0.1)
    answers = iter(["fine"])

    async def once_then_silence() -> str:
        with contextlib.suppress(StopIteration):
            return next(answers)
        raise Unhealthy("no answer")

    _, seen = _run(
        place,
        _script("hangs", "trap '' TERM; while :; do sleep 1; done", probe=once_then_silence),
        until=lambda now: now.part("hangs").restarts == 1,
    )
    restarting = next(now for now in seen if now.part("hangs").phase == "restarting")
    assert "gave no healthy answer" in restarting.part("hangs").detail


def test_a_part_is_not_killed_for_what_it_needs_through_a_step(
    place: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step that made the tables is done; the database that both need is away."""
    monkeypatch.setattr(supervisor, "_HANGING_AFTER", 0.1)
    away = place.root / "away"
    asked = 0
    often = asyncio.Event()

    async def unless_away() -> str:
        nonlocal asked
        if away.exists():
            asked += 1
            if asked == 10:
                often.set()
            raise Unhealthy("no answer")
        return "fine"

    async def database() -> str:
        if away.exists():
            raise Unhealthy("no answer")
        return "fine"

    def look(now: State) -> None:
        if now.phase == "running":
            away.touch()

    async def run() -> State:
        parts = (
            _script("postgres", "exec sleep 60", probe=database),
            _script("setup", "true", step=True, needs=("postgres",)),
            _script("portal", "exec sleep 60", probe=unless_away, needs=("setup",)),
        )
        with states.take_lock(place.lock) as lock:
            kept = Supervisor(parts, place, "http://x", pid=os.getpid(), lock=lock, on_change=look)
            running = asyncio.create_task(kept.run())
            await often.wait()
            os.kill(os.getpid(), signal.SIGTERM)
            return await running

    assert asyncio.run(run()).part("portal").restarts == 0


@pytest.mark.parametrize("anew", [False, True], ids=["deleted", "made anew"])
def test_a_folder_that_is_no_longer_ours_ends_all_parts(place: Folders, *, anew: bool) -> None:
    def look(now: State) -> bool:
        if now.phase == "running":
            shutil.rmtree(place.root)
            if anew:
                place.root.mkdir()
                place.lock.touch()
        return False

    last, seen = _run(
        place,
        _script("b", "exec sleep 60", probe=_fine, needs=("a",)),
        _script("a", "exec sleep 60", probe=_fine),
        until=look,
    )
    assert last.phase == "failed"
    assert last.message.startswith(f"{place.root} was deleted, moved or replaced")
    assert _order(seen, "stopped") == ["b", "a"]
    # Nothing is written into a folder that may have another supervisor by now.
    assert [path.name for path in place.root.rglob("*")] == (["supervisor.lock"] if anew else [])


def test_a_part_is_not_started_again_in_a_folder_that_is_no_longer_ours(place: Folders) -> None:
    starts = place.root.with_name("starts")

    def look(now: State) -> bool:
        if now.part("part").phase == "starting" and place.root.exists():
            shutil.rmtree(place.root)
        return False

    _run(place, _script("part", f"echo once >> {starts}; exit 3"), until=look)
    assert starts.read_text() == "once\n"


def test_a_part_that_will_not_stop_is_killed_with_all_it_started(place: Folders) -> None:
    _, seen = _run(
        place,
        _script(
            "stubborn", "trap '' TERM; sleep 60 & while :; do sleep 1; done", probe=_fine, stop_seconds=0.1
        ),
        until=lambda now: now.phase == "running",
    )
    pid = next(now.part("stubborn").pid for now in seen if now.part("stubborn").pid)
    assert not [each for each in psutil.process_iter() if _in_group(each.pid, pid)]


def _in_group(pid: int, group: int | None) -> bool:
    try:
        return os.getpgid(pid) == group and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, psutil.Error):
        return False


def test_only_this_folders_leftovers_are_ended(place: Folders) -> None:
    import subprocess

    ours = subprocess.Popen(["sleep", "60"], env={MARK: str(place.root), "PATH": os.defpath})
    others = subprocess.Popen(["sleep", "60"], env={MARK: "/somewhere/else", "PATH": os.defpath})
    assert clear_leftovers(place.root, {}) == 1
    assert ours.poll() is not None
    assert others.poll() is None
    # A pid alone is not enough: another process may have got it since.
    assert clear_leftovers(place.root, {others.pid: 1.0}) == 0
    assert clear_leftovers(place.root, {others.pid: psutil.Process(others.pid).create_time()}) == 1
    others.wait()
