"""All parts of one machine together: prepared, checked, and run under the supervisor."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from samtale.config import Config
from samtale.stack import (
    code,
    demo,
    installation,
    named_databases,
    portal,
    ports,
    postgres,
    privilege,
    proxy,
    secrets,
    services,
    state,
    synapse,
    testidp,
    worker,
)
from samtale.stack.folders import Folders, FoldersError, place
from samtale.stack.part import Part
from samtale.stack.process import clear_leftovers
from samtale.stack.state import State
from samtale.stack.supervisor import Supervisor

# What an operator can put right; each text is a whole sentence.
REFUSALS = (
    FoldersError,
    installation.FixedError,
    named_databases.NamedDatabaseError,
    ports.PortTakenError,
    postgres.PostgresError,
    privilege.NoAccountError,
    proxy.ProxyError,
    secrets.SecretsError,
    services.ServiceError,
    state.AlreadyRunningError,
)


@dataclass(frozen=True)
class Platform:
    """A configuration and its data folder, ready to run.

    Attributes:
        first_start: nothing was there before.
        lock: keeps every other supervisor off the data folder while it is open.
    """

    config: Config
    folders: Folders
    parts: tuple[Part, ...]
    first_start: bool
    lock: IO[str]

    def run(self, on_change: Callable[[State], None]) -> State:
        """Run the parts until told to stop."""
        state.sign_lock(self.lock)
        supervisor = Supervisor(
            self.parts,
            self.folders,
            self.config.public_url,
            pid=os.getpid(),
            lock=self.lock,
            on_change=on_change,
        )
        return asyncio.run(supervisor.run())


def prepare(config: Config) -> Platform:
    """Take the data folder, check what can be checked before a part starts, write every configuration.

    Raises:
        one of `REFUSALS`: nothing was started.
    """
    os.umask(0o022)
    accounts = privilege.choose()
    folders = place(config, accounts)
    try:
        folders.make()
    except OSError as error:
        raise FoldersError(f"{error.filename}: {error.strerror}: name another folder with --data") from error
    lock = state.take_lock(folders.lock)
    code.note(folders)
    first = installation.check(config, folders)
    known = secrets.load_or_create(folders.secrets)
    cleared = _clear_leftovers(folders)
    # A worker lives on for a moment when its leader is gone, and cannot be told from a stranger.
    ports.check(config, patience=5 if cleared else 0)
    named_databases.check(config)
    parts: list[Part] = []
    if config.bundled_database:
        cluster = postgres.bundled(config, folders, known)
        cluster.prepare()
        parts.append(cluster.part())
    synapse.prepare(config, folders, known)
    portal.prepare(config, folders, known)
    parts.append(synapse.part(config, folders))
    set_up = portal.set_up(config, folders)
    if set_up is not None:
        parts.append(set_up)
    ready = (set_up.name,) if set_up is not None else ("postgres",) if config.bundled_database else ()
    parts += [portal.part(config, folders, ready), worker.part(folders, ready)]
    if not config.proxy.external:
        proxy.prepare(config, folders)
        parts.append(proxy.part(config, folders))
    if config.demo:
        testidp.prepare(folders)
        parts.append(testidp.part(config, folders))
        demo.list_people(folders)
        if (load := demo.load_first(folders)) is not None:
            parts.append(load)
    return Platform(config, folders, tuple(parts), first, lock)


def locate(config: Config) -> Folders:
    """The data folder of a configuration; changes nothing."""
    return place(config, privilege.choose())


def _clear_leftovers(folders: Folders) -> int:
    """End what a killed supervisor left, before ports and cluster are looked at. How many processes."""
    before = state.read(folders.state)
    known = {part.pid: part.started for part in before.parts if part.pid} if before else {}
    return clear_leftovers(folders.root, known)
