"""What follows when our keys have changed, which the running portal sees by itself: it is written down."""

from collections.abc import Sequence

from samtale.stack import federation_keys, portal_commands, state
from samtale.stack.folders import Folders


def record(folders: Folders, act: str, fingerprints: Sequence[str]) -> bool:
    """``act``: as the audit log calls it. Returns whether the platform runs, and so uses them from now on.

    Raises:
        portal_commands.CommandFailed: the audit log cannot be written; the keys are in use all the same.
    """
    federation_keys.note(folders, f"keys {act}: {', '.join(fingerprints)}")
    if state.holder(folders.lock) is None:
        return False
    portal_commands.run(folders, "fka_keys_changed", act, *fingerprints)
    return True
