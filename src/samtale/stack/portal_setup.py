"""``python -m samtale.stack.portal_setup``: tables and static files of the portal, brought up to date.

One process does both, since starting Django is most of the work; and none is started when neither the
code nor the database is another than at the last successful run.
"""

import hashlib
import json
import os
import sys
from importlib.metadata import distributions
from pathlib import Path

from samtale.config import CHECKOUT
from samtale.stack.folders import Folders
from samtale.stack.secrets import write_private

_NOTE = "SAMTALE_PORTAL_SETUP_NOTE"


def fingerprint(folders: Folders, cluster: Path) -> str:
    """What the last run was for: migrations, static files, templates, package versions, database."""
    package = CHECKOUT / "src" / "samtale"
    files = sorted(
        path for pattern in ("*/migrations/*.py", "*/static/**/*") for path in package.glob(pattern)
    )
    seen = {
        "files": {str(path.relative_to(package)): _digest(path) for path in files if path.is_file()},
        "packages": sorted(f"{each.name} {each.version}" for each in distributions()),
        "settings": [_digest(path) for path in sorted(package.glob("*/settings.py"))],
        "portal": _digest(folders.portal_config),
        "cluster": cluster_identity(cluster),
    }
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def is_done(folders: Folders, wanted: str) -> bool:
    """Whether the last successful run was for the same."""
    note = _note(folders)
    return note.is_file() and note.read_text(encoding="utf-8") == wanted


def command() -> tuple[str, ...]:
    """How to run it."""
    return (sys.executable, "-m", __name__)


def environment(folders: Folders, wanted: str) -> dict[str, str]:
    """What it is told besides the portal's environment."""
    return {_NOTE: json.dumps([str(_note(folders)), wanted])}


def main() -> None:
    """Migrate, refuse made-up people in earnest, collect the static files, and note for what."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samtale.portal.settings")
    import django  # noqa: PLC0415 - only in the process of its own
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import CommandError, call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", interactive=False, verbosity=1)
    try:
        # A database of its own may hold what the data folder does not know of.
        if not settings.CONFIG.demo:
            call_command("demo_check")
    except CommandError as error:
        sys.exit(str(error))
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    note, wanted = json.loads(os.environ[_NOTE])
    write_private(Path(note), wanted)


def _note(folders: Folders) -> Path:
    return folders.portal / "set-up-for"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def cluster_identity(cluster: Path) -> str:
    """Names one cluster: another in the same place has another file. Empty when there is none."""
    try:
        found = (cluster / "PG_VERSION").stat()
    except OSError:
        return ""
    return f"{found.st_ino} {found.st_mtime_ns}"


if __name__ == "__main__":
    main()
