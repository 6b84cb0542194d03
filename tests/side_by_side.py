"""``python -m tests.side_by_side``: all tests, in two runs of pytest at once.

Those that click through the platform wait for it most of the time. The others fill that time at a lower
priority, on a platform of their own, and what they print is shown when both are done. Coverage is counted
over both.
"""

import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
OWN = CHECKOUT / ".samtale-test"
END_TO_END = ("tests/e2e",)
#: Decides who somebody is: the tests go through all of it.
WHOLLY = "src/samtale/oiosaml/*"
OTHERS = ("tests/unit", "tests/fuzz", "tests/mutation", "tests/integration")


def main() -> int:
    """Returns the exit code."""
    OWN.mkdir(exist_ok=True)
    for old in CHECKOUT.glob(".coverage*"):
        old.unlink()
    log = OWN / "other-tests.log"
    say(f"Unit and integration tests run beside; watch them in {log.relative_to(CHECKOUT)}")
    with log.open("wb") as output:
        beside = subprocess.Popen(
            pytest(OTHERS), cwd=CHECKOUT, env=counting("others"), stdout=output, stderr=output
        )
    # Whoever clicks comes first.
    os.setpriority(os.PRIO_PROCESS, beside.pid, 10)
    try:
        code = subprocess.run(
            pytest(END_TO_END), cwd=CHECKOUT, env=counting("end-to-end"), check=False
        ).returncode
        beside.wait()
    finally:
        beside.terminate()
    sys.stdout.buffer.write(log.read_bytes())
    sys.stdout.flush()
    coverage("combine", "--quiet")
    coverage("report", "--skip-covered")
    gaps = coverage("report", "--skip-covered", f"--include={WHOLLY}", "--fail-under=100")
    ends = {"end to end": code, "unit and integration": beside.returncode, f"every branch of {WHOLLY}": gaps}
    for name, ended in ends.items():
        say(f"{name}: {f'failed (exit code {ended})' if ended else 'passed'}")
    return max(map(abs, ends.values()))


def pytest(folders: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "pytest", "-m", "not long", "--cov", "--cov-report=", *folders]


def coverage(*arguments: str) -> int:
    return subprocess.run(
        [sys.executable, "-m", "coverage", *arguments], cwd=CHECKOUT, check=False
    ).returncode


def counting(name: str) -> dict[str, str]:
    return {**os.environ, "COVERAGE_FILE": str(CHECKOUT / f".coverage.{name}")}


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
