"""How long it takes until everything is healthy: a start on data that is there, and the very first one.

Warm: a platform of its own, without the demo, is started once and stopped, then started again a few times,
each from the call of `samtale up` until every part has answered its probe; the median counts. Beside it
stands Synapse alone on the same database, started by hand as its own documentation says and without our
module, until `/health` answers: PostgreSQL runs already, and nothing else is started.

With `--cold` also `make up` in a fresh clone, with no cache of uv, pip or npm and an empty home, until Anna's
link signs her in: everything is downloaded, built and started, so the figure also measures the network.
Beside it stands `pip install matrix-synapse` into an empty environment, which is how one begins without us.

    .venv/bin/python bench/start.py [--starts 3] [--cold] [--json]
"""

import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import own_platform
import psycopg
import report
import yaml
from platform_under_test import Place, Platform

from samtale.stack import postgres, privilege, secrets, state
from samtale.stack.part import Part

WARM, COLD = 8.0, 240.0
PATIENCE = 20 * 60.0
_LINK = re.compile(r"^\s+Anna .*?(http\S+)$", re.MULTILINE)


def warm(starts: int) -> list[report.Row]:
    place = Place("bench-start", own_platform.FIRST_PORT)
    running = Platform(place.root, place.first_port, with_demo=False)
    taken, parts, peers = [], {}, []
    try:
        with report.ASIDE.status("the first start"):
            running.start()
            running.stop()
        for number in range(starts):
            with report.ASIDE.status(f"start {number + 1} of {starts}"):
                began = time.monotonic()
                running.start()
                taken.append(time.monotonic() - began)
                parts = _parts(running) if taken[-1] == min(taken) else parts
                running.stop()
                peers.append(synapse_alone(running))
    finally:
        running.stop()
        place.leave()
    rows = [
        report.row(
            "`up` on data that is there",
            statistics.median(taken),
            "s",
            most=WARM,
            peer=statistics.median(peers),
        ),
        report.row("the quickest", min(taken), "s", peer=min(peers)),
    ]
    return rows + [report.row(f"… its {name}", seconds, "s") for name, seconds in parts.items()]


def _parts(running: Platform) -> dict[str, float]:
    """Seconds from the supervisor's own start until each part was healthy."""
    now = state.read(running.folders.state)
    assert now is not None
    return {part.name: part.seconds for part in now.parts if part.seconds is not None}


def synapse_alone(running: Platform) -> float:
    """Seconds until a plain Synapse answers on the platform's own database; the platform does not run."""
    folders = running.folders
    cluster = postgres.bundled(running.config, folders, secrets.load_or_create(folders.secrets))
    settings = yaml.safe_load((folders.synapse / "homeserver.yaml").read_text(encoding="utf-8"))
    del settings["modules"]
    plain = folders.synapse / "plain.yaml"
    secrets.write_private(plain, yaml.safe_dump(settings))
    privilege.give(plain, folders.accounts.programs)
    homeserver = Part(
        name="synapse-alone",
        command=(sys.executable, "-m", "synapse.app.homeserver", f"--config-path={plain}"),
        environment={"PATH": os.defpath, "HOME": str(folders.synapse), "LC_ALL": "C.UTF-8"},
        folder=folders.synapse,
        account=folders.accounts.programs,
    )
    with _process(cluster.part(), running.root):
        _until(lambda: psycopg.connect(cluster.connection()).close(), psycopg.Error)
        asyncio.run(cluster.provision())
        began = time.monotonic()
        with _process(homeserver, running.root):
            health = f"http://127.0.0.1:{running.ports['synapse']}/health"
            _until(lambda: httpx.get(health).raise_for_status(), httpx.HTTPError)
            return time.monotonic() - began


@contextmanager
def _process(part: Part, folder: Path) -> Iterator[None]:
    with (
        (folder / f"{part.name}.out").open("wb") as log,
        subprocess.Popen(
            part.command,
            env=dict(part.environment),
            cwd=part.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **privilege.identity(part.account),
        ) as process,
    ):
        try:
            yield
        finally:
            process.send_signal(part.stop_signal)
            process.wait(timeout=60)


def _until(ask: Callable[[], object], not_yet: type[Exception]) -> None:
    """Ask again until it raises nothing."""
    end = time.monotonic() + 180
    while True:
        try:
            ask()
        except not_yet:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def cold() -> list[report.Row]:
    """Needs the network and some gigabytes in the folder for temporary files."""
    with tempfile.TemporaryDirectory(prefix="os2samtale-cold-") as folder:
        root = Path(folder)
        # The parts run as another account when root starts them, and must reach what they run.
        root.chmod(0o755)
        with report.ASIDE.status("cloning and `make up`"):
            ours = make_up(root)
        with report.ASIDE.status("pip install matrix-synapse"):
            peer = install_synapse(root)
    return [report.row("`make up` in a fresh clone, empty caches", ours, "s", most=COLD, peer=peer)]


def make_up(root: Path) -> float:
    """Seconds from calling `make up` until Anna is signed in by the link that it printed."""
    checkout = root / "clone"
    subprocess.run(
        ["git", "clone", "--quiet", "--no-hardlinks", str(own_platform.CHECKOUT), str(checkout)], check=True
    )
    place = Place("bench-cold", own_platform.FIRST_PORT)
    ports = Platform(place.root, place.first_port).environment
    environment = _without_caches(root) | {
        name: text for name, text in ports.items() if name.startswith("SAMTALE_") and name != "SAMTALE_DATA"
    }
    began = time.monotonic()
    try:
        done = subprocess.run(
            ["make", "--no-print-directory", "up"],
            cwd=checkout,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        link = _LINK.search(done.stdout)
        assert link is not None, done.stdout
        with httpx.Client(timeout=60) as anna:
            assert anna.get(link[1]).status_code == 303
        return time.monotonic() - began
    finally:
        stop = ["make", "--no-print-directory", "down"]
        # Standard output is for the figures.
        subprocess.run(stop, cwd=checkout, env=environment, stdout=sys.stderr, check=False)
        place.leave()


def install_synapse(root: Path) -> float:
    """Seconds to get Synapse alone from the same index."""
    began = time.monotonic()
    environment = _without_caches(root)
    subprocess.run(["python3", "-m", "venv", str(root / "plain")], env=environment, check=True)
    command = [str(root / "plain" / "bin" / "pip"), "install", "--quiet", "--no-cache-dir"]
    wanted = ["matrix-synapse[url-preview]==1.163.2", "psycopg2-binary"]
    subprocess.run(command + wanted, env=environment, check=True, timeout=PATIENCE)
    return time.monotonic() - began


def _without_caches(root: Path) -> dict[str, str]:
    """An empty home; where packages come from stays as this machine has it."""
    home = Path.home()
    environment = {name: text for name, text in os.environ.items() if not name.startswith("SAMTALE_")} | {
        "HOME": str(root / "home"),
        "UV_CACHE_DIR": str(root / "uv-cache"),
        "npm_config_cache": str(root / "npm-cache"),
        "PIP_NO_CACHE_DIR": "1",
    }
    environment.pop("VIRTUAL_ENV", None)
    (root / "home").mkdir(exist_ok=True)
    if (home / ".npmrc").is_file():
        environment["npm_config_userconfig"] = str(home / ".npmrc")
    return environment


def main() -> int:
    parser = report.parser(__doc__)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument(
        "--cold", action="store_true", help="also `make up` in a fresh clone; needs the network"
    )
    options = parser.parse_args()
    rows = warm(options.starts)
    if options.cold:
        rows += cold()
    found = report.Report("start", "Starting until everything is healthy", "Synapse alone", rows)
    return found.finish(as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
