"""``python -m tests.chromium``: sees to it that there is a Chromium for the tests in the browser."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Install Debian's package when it is missing and we may. Returns the exit code."""
    named = os.environ.get("CHROMIUM")
    if named:
        if shutil.which(named):
            return 0
        return _refuse(f"CHROMIUM: must be a program that exists, got {named!r}")
    if any(_works(name) for name in NAMES):
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core"]
        subprocess.run(["apt-get", "update", "--quiet"], check=False)
        if subprocess.run(install, check=False).returncode == 0 and _works("chromium"):
            return 0
    return _refuse(
        "Chromium is missing: `sudo apt-get install chromium` gets it on Debian; "
        "elsewhere name one with `make test CHROMIUM=/path/to/it`"
    )


def _works(name: str) -> bool:
    """Whether the program answers: Ubuntu's package is an empty shell that asks for the snap."""
    if shutil.which(name) is None:
        return False
    return subprocess.run([name, "--version"], capture_output=True, check=False).returncode == 0


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
