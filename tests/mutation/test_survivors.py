"""What nobody would notice: mutmut breaks one thing at a time in the rules, and the unit tests must fail.

`make mutate` runs this alone. What is broken and by which tests it must be noticed stands in pyproject.toml;
a mutant that survives must be in survivors.toml, with the reason why that is right. `mutmut browse` then
shows all of them in their functions.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from platform_under_test import CHECKOUT

EXPLAINED = Path(__file__).with_name("survivors.toml")
_RESULTS = CHECKOUT / "mutants"
_LONGEST = 30 * 60.0  # seconds; with two cores to itself it needs eight minutes
_MUTMUT = [sys.executable, "-m", "mutmut"]
#: A mutant that hangs, or brings the interpreter down, was noticed too.
_NOTICED = {"killed", "timeout", "segfault"}
_SURVIVED = {"survived", "no tests"}

#: A function and what became of one of its lines: numbers of mutants change with every edit.
Change = tuple[str, str]


@pytest.mark.long
def test_every_mutant_is_noticed_or_explained(capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(_RESULTS, ignore_errors=True)
    run()
    statuses = results()
    left = {name: change(name) for name, status in statuses.items() if status in _SURVIVED}
    slow = {change(name) for name, status in statuses.items() if status == "timeout"}
    explained = reasons()
    with capsys.disabled():
        print("\n" + table(statuses, {name for name, each in left.items() if each in explained}))
    unknown = {name: status for name, status in statuses.items() if status not in _NOTICED | _SURVIVED}
    assert not unknown
    new = [f"{name}:\n{each[1]}" for name, each in left.items() if each not in explained]
    assert not new, "no test notices, and no reason is given:\n" + "\n".join(new)
    gone = [f"{where}:\n{lines}" for where, lines in explained.keys() - set(left.values()) - slow]
    assert not gone, "to be taken off the list, since a test notices or the line is gone:\n" + "\n".join(gone)


def test_every_explained_survivor_has_a_reason() -> None:
    assert all(len(reason) > 20 for reason in reasons().values())


def run() -> None:
    """Try every mutant; whatever still runs when the time is over is ended."""
    with (CHECKOUT / ".samtale-test" / "mutation.log").open("wb") as log:
        process = subprocess.Popen(
            [*_MUTMUT, "run"], cwd=CHECKOUT, stdout=log, stderr=log, start_new_session=True
        )
        try:
            code = process.wait(timeout=_LONGEST)
        except subprocess.TimeoutExpired:
            pytest.fail(f"not done after {_LONGEST / 60:.0f} minutes: {log.name}")
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    assert code == 0, f"mutmut ended with {code}: {log.name}"


def results() -> dict[str, str]:
    """The status of every mutant, by name."""
    lines = told("results", "--all", "true").splitlines()
    found = dict(line.strip().rsplit(": ", 1) for line in lines if "__mutmut_" in line)
    assert len(found) > 500, lines
    return found


def change(name: str) -> Change:
    """What the mutant is."""
    lines = [
        f"{line[0]} {line[1:].strip()}"
        for line in told("show", name).splitlines()
        if re.match(r"[-+](?![-+]{2} )", line)
    ]
    return function(name), "\n".join(lines)


def function(name: str) -> str:
    """Where it is, as one would write it: ``samtale.oiosaml.privileges.Group.cvr``."""
    module, _, mangled = name.rpartition("__mutmut_")[0].rpartition(".")
    return f"{module}.{mangled.removeprefix('x_').removeprefix('xǁ').replace('ǁ', '.')}"


def reasons() -> dict[Change, str]:
    """Why each survivor may live."""
    listed = tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).get("survivor", [])
    return {(each["function"], each["change"].strip()): each["reason"] for each in listed}


def table(statuses: dict[str, str], explained: set[str]) -> str:
    """How each module fared."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, status in statuses.items():
        noticed = "noticed" if status in _NOTICED else "explained" if name in explained else "not noticed"
        for module in (name.rpartition("__mutmut_")[0].rpartition(".")[0], "all"):
            counts[module][noticed] += 1
    kinds = ("noticed", "explained", "not noticed")
    rows = [
        f"{module:32}{counts[module].total():8}" + "".join(f"{counts[module][kind]:13}" for kind in kinds)
        for module in sorted(counts, key=lambda each: (each == "all", each))
    ]
    return "\n".join([f"{'module':32}{'mutants':>8}" + "".join(f"{kind:>13}" for kind in kinds), *rows])


def told(*arguments: str) -> str:
    """What mutmut prints."""
    return subprocess.run(
        [*_MUTMUT, *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=True, timeout=60
    ).stdout
