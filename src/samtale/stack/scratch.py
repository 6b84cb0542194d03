"""A PostgreSQL for a few minutes, for tries that must not touch the real one."""

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from samtale.config import Config
from samtale.config_sections import DatabaseSection
from samtale.portal_configuration import MailConfig, PortalConfig
from samtale.stack import federation, federation_keys, portal, postgres, privilege, secrets
from samtale.stack.folders import Folders, outside, place


@contextmanager
def portal_settings(config: Config, folders: Folders) -> Iterator[PortalConfig]:
    """The real ones with the real keys; the secrets, the database and what is written are thrown away after.

    Where there are no keys yet, those are of this kind too.

    Raises:
        postgres.PostgresError: the server cannot be made or started.
    """
    with tempfile.TemporaryDirectory(prefix="os2samtale-") as name:
        # The portal's account must reach what is its own in it.
        Path(name).chmod(0o711)
        aside = replace(config, data=str(Path(name) / "data"), database=DatabaseSection())
        own = place(aside, privilege.choose())
        try:
            with _server(aside, own) as known:
                made = portal.configuration(aside, own, known)
                yield replace(
                    made, mail=MailConfig(), fka=federation.fka(config, _with_keys(config, folders, own))
                )
        finally:
            # What an account may not read where it is was copied there.
            shutil.rmtree(outside(own.root), ignore_errors=True)


def _with_keys(config: Config, folders: Folders, own: Folders) -> Folders:
    """Where our keys lie: as always, or made now when they would be missing there."""
    if not federation_keys.missing(config, folders):
        return folders
    federation_keys.new(config, own)
    return own


@contextmanager
def _server(config: Config, folders: Folders) -> Iterator[secrets.Secrets]:
    folders.make()
    known = secrets.load_or_create(folders.secrets)
    cluster = postgres.bundled(config, folders, known)
    cluster.prepare()
    _pg_ctl(cluster, "start", "--wait", f"--log={cluster.folder / 'log'}")
    try:
        asyncio.run(cluster.provision())
        yield known
    finally:
        _pg_ctl(cluster, "stop", "--mode=immediate")


def _pg_ctl(cluster: postgres.Postgres, *arguments: str) -> None:
    result = subprocess.run(
        [str(cluster.programs / "pg_ctl"), *arguments, f"--pgdata={cluster.data}"],
        # The server goes on with what it is given, and would keep a pipe open.
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        cwd=cluster.folder,
        **privilege.identity(cluster.account),
    )
    if result.returncode:
        raise postgres.PostgresError(
            f"pg_ctl {arguments[0]} ended with {result.returncode} for {cluster.data}"
        )
