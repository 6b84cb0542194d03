"""Which code runs: an update while the platform runs is seen, so that the next start can take it up."""

import hashlib
from importlib.metadata import distributions

from samtale.config import CHECKOUT
from samtale.stack.folders import Folders
from samtale.stack.secrets import write_private

_PACKAGES = ("samtale", "samtale_synapse")


def note(folders: Folders) -> None:
    """Write down that the code as it is now is what runs on this data folder."""
    write_private(folders.code, fingerprint(), durable=False)


def is_current(folders: Folders) -> bool:
    """Whether what runs on this data folder is the code as it is now."""
    try:
        return folders.code.read_text(encoding="utf-8") == fingerprint()
    except OSError:
        return False


def fingerprint() -> str:
    """Our own files, whatever their kind, and the versions of all packages."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        for path in sorted((CHECKOUT / "src" / package).rglob("*")):
            if path.is_file() and path.parent.name != "__pycache__":
                digest.update(f"{path.relative_to(CHECKOUT)} ".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update("\n".join(sorted(f"{each.name} {each.version}" for each in distributions())).encode())
    return digest.hexdigest()
