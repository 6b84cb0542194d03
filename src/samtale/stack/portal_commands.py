"""The portal's own commands, run from the command line as the account that the portal runs as."""

import secrets
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

from samtale.config import Config
from samtale.portal_configuration import ENVIRONMENT_VARIABLE, PortalConfig
from samtale.stack import portal, privilege
from samtale.stack.folders import Folders
from samtale.stack.privilege import give
from samtale.stack.secrets import Secrets, write_private


class CommandFailed(Exception):
    """What the command ended with, in its own words."""


def show(folders: Folders, *arguments: str) -> int:
    """Run one that people read while it runs. Returns the exit code."""
    return _run(folders, arguments, portal.environment(folders)).returncode


def run(folders: Folders, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Returns what the command printed. ``environment``: in place of the running portal's.

    Raises:
        CommandFailed: it did not end well.
    """
    result = _run(folders, arguments, environment or portal.environment(folders), capture_output=True)
    if result.returncode:
        # Django logs to the same place; what it ends with is the reason.
        told = (result.stderr or result.stdout).strip().splitlines()[-3:]
        raise CommandFailed("\n".join(told).removeprefix("CommandError: ") or f"{arguments[0]} failed")
    return result.stdout


def _run(
    folders: Folders,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    capture_output: bool = False,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        portal.management_command(*arguments),
        env=dict(environment),
        cwd=folders.portal if folders.portal.is_dir() else "/",
        capture_output=capture_output,
        text=True,
        check=False,
        **privilege.identity(folders.accounts.programs),
    )


@contextmanager
def environment_of(settings: PortalConfig, folders: Folders) -> Iterator[dict[str, str]]:
    """For commands with other settings than the running portal's."""
    with tempfile.TemporaryDirectory(prefix="os2samtale-") as name:
        file = Path(name) / "portal.json"
        write_private(file, settings.to_json(), durable=False)
        for path in (file.parent, file):
            give(path, folders.accounts.programs)
        yield dict(portal.environment(folders)) | {ENVIRONMENT_VARIABLE: str(file)}


def settings_without_database(config: Config, folders: Folders) -> PortalConfig:
    """What samtale.toml says now, for commands that look at nothing else: the secrets open nothing."""
    return portal.configuration(
        config, folders, Secrets(**{field.name: secrets.token_urlsafe(32) for field in fields(Secrets)})
    )
