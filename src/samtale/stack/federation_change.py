"""What follows when our keys have changed: a line in the log, and the running portal takes them up."""

import contextlib
import os
import signal
from collections.abc import Sequence
from dataclasses import replace

from samtale import portal_configuration
from samtale.config import Config
from samtale.stack import federation, federation_keys, portal_commands, state
from samtale.stack.folders import Folders
from samtale.stack.privilege import give
from samtale.stack.secrets import write_private


def take_up(config: Config, folders: Folders, act: str, fingerprints: Sequence[str]) -> bool:
    """``act``: as the audit log calls it. Returns whether the platform runs, and so uses them from now on.

    Raises:
        portal_commands.CommandFailed: the audit log cannot be written; the keys are taken up all the same.
    """
    federation_keys.note(folders, f"keys {act}: {', '.join(fingerprints)}")
    supervisor = state.holder(folders.lock)
    if supervisor is None:
        return False
    kept = portal_configuration.parse(folders.portal_config.read_text(encoding="utf-8"))
    named = federation.fka(config, folders)
    keys = replace(kept.fka, signing_keys=named.signing_keys, encryption_keys=named.encryption_keys)
    write_private(folders.portal_config, replace(kept, fka=keys).to_json())
    give(folders.portal_config, folders.accounts.programs)
    with contextlib.suppress(ProcessLookupError):
        os.kill(supervisor, signal.SIGHUP)
    portal_commands.run(folders, "fka_keys_changed", act, *fingerprints)
    return True
