"""The end of a demo: everything it wrote is deleted, so that the next start begins anew."""

import contextlib
import shutil
from pathlib import Path

from samtale.stack import installation, state
from samtale.stack.folders import Folders, outside


class EraseError(Exception):
    """What is there is not to be deleted; the text says why and what to do."""


def erase(folders: Folders) -> bool:
    """Delete what the demo wrote, and nothing else that lies in its folder.

    Returns whether there was anything.

    Raises:
        EraseError: it is no demo.
        AlreadyRunningError: it runs.
    """
    if not folders.installation.exists() and not folders.database.exists():
        return False
    if not installation.holds_demo(folders):
        raise EraseError(
            f"{folders.root} holds no demo, so nothing was deleted: when nothing in it is needed, delete "
            f"{' and '.join(map(str, _places(folders)))}"
        )
    lock = state.take_lock(folders.lock)
    with lock:
        # What says that it is a demo goes last: an erasure that was interrupted can be done again.
        for path in (*_written(folders), folders.installation, folders.lock):
            _delete(path)
    with contextlib.suppress(OSError):
        folders.root.rmdir()
    return True


def _places(folders: Folders) -> list[Path]:
    within = folders.database.is_relative_to(folders.root)
    return [folders.root] if within else [folders.root, outside(folders.root)]


def _written(folders: Folders) -> list[Path]:
    return [
        folders.database,
        folders.socket,
        folders.portal,
        folders.synapse,
        folders.proxy,
        folders.testidp,
        folders.logs,
        outside(folders.root),
        folders.state,
        folders.code,
        folders.demo_file,
        folders.secrets,
    ]


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
