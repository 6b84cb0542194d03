"""Looks for input that breaks what reads SAML, guided by which lines of code it reaches (atheris, libFuzzer).

    PYTHONPATH=src:tests .venv/bin/python -m fuzz [TARGET …] [--seconds 60] [--keep]

Each target has its share of the time and begins with its kept inputs. An input that breaks one is written to
`.samtale-test/fuzz/TARGET/`: mend what it breaks, and keep the input in `tests/fuzz/corpus/TARGET/`, where
every test run tries it again. With `--keep` inputs that reach new lines are kept as well, as few as can be.
"""

import argparse
import subprocess
import sys
import tempfile
from random import Random

import atheris

with atheris.instrument_imports(include=["samtale.oiosaml"]):
    from fuzz.targets import HERE, TARGETS

from fuzz.changes import changed

FOUND = HERE.parents[1] / ".samtale-test" / "fuzz"
LARGEST = 32 * 1024
#: Seconds that one input may take, and megabytes that all may.
SLOWEST, MOST_MEMORY = 5, 2048


def main() -> int:
    """Run the targets. Returns the exit code: 1 when one of them was broken."""
    parser = argparse.ArgumentParser(
        prog="fuzz", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; all when none"
    )
    parser.add_argument("--seconds", type=float, default=60, help="for all together (default: 60)")
    parser.add_argument("--keep", action="store_true", help="keep inputs that reach new lines")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := set(options.targets) - set(TARGETS):
        parser.error(f"no target {', '.join(sorted(unknown))}: there are {', '.join(TARGETS)}")
    names = options.targets or list(TARGETS)
    share = max(1, round(options.seconds / len(names)))
    if options.alone:
        run(names[0], share, keep=options.keep)
    broken = [name for name in names if not survives(name, share, keep=options.keep)]
    print(f"broken: {', '.join(broken)}; the inputs lie in {FOUND}" if broken else "nothing broke")
    return 1 if broken else 0


def survives(name: str, seconds: int, *, keep: bool) -> bool:
    """In a process of its own, which libFuzzer ends when it is done."""
    print(f"{name}: {seconds} s", flush=True)
    command = [
        sys.executable,
        "-m",
        "fuzz",
        name,
        f"--seconds={seconds}",
        "--alone",
        *(["--keep"] if keep else []),
    ]
    with tempfile.TemporaryFile("w+") as log:
        code = subprocess.run(command, check=False, stdout=log, stderr=log).returncode
        log.seek(0)
        lines = log.read().splitlines()
    print("\n".join(lines[-60:] if code else lines[-1:]), flush=True)
    return code == 0


def run(name: str, seconds: int, *, keep: bool) -> None:
    """Does not return."""
    found = FOUND / name
    found.mkdir(parents=True, exist_ok=True)
    kept = str(HERE / "corpus" / name)
    with tempfile.TemporaryDirectory() as new:
        bounds = [f"-max_total_time={seconds}", f"-max_len={LARGEST}", f"-timeout={SLOWEST}"]
        arguments = [sys.argv[0], *bounds, f"-rss_limit_mb={MOST_MEMORY}", f"-artifact_prefix={found}/"]
        # libFuzzer writes what it finds to the first folder and only reads the others.
        folders = [kept] if keep else [new, kept]
        atheris.Setup([*arguments, "-reduce_inputs=1", *folders], TARGETS[name], custom_mutator=mutated)
        atheris.Fuzz()


def mutated(data: bytes, largest: int, seed: int) -> bytes:
    """Mostly a change that knows XML, else one of bytes."""
    random = Random(seed)
    made = changed(data, random) if random.random() < 0.8 else None
    if made is None or len(made) > largest:
        return bytes(atheris.Mutate(data, largest))
    return made


if __name__ == "__main__":
    sys.exit(main())
