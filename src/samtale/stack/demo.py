"""The demo: loaded by the portal once the platform runs; its people are listed for the one who started it."""

import asyncio
import json
import subprocess
from dataclasses import dataclass
from typing import Any

from samtale.stack import portal, portal_commands, portal_setup, privilege
from samtale.stack.folders import Folders
from samtale.stack.part import Part
from samtale.stack.secrets import write_private


class DemoError(Exception):
    """The portal could not do what was asked; its own words are in the text."""


@dataclass(frozen=True)
class Link:
    """A link that signs one person in, once."""

    key: str
    name: str
    url: str


def load_first(folders: Folders) -> Part | None:
    """The step that loads what one sees first and leaves the rest to the worker; None when it was done."""
    note = folders.portal / "demo-loaded-for"
    cluster = portal_setup.cluster_identity(folders.database / "data")
    if cluster and note.is_file() and note.read_text(encoding="utf-8") == cluster:
        return None

    async def list_people_and_go_on() -> None:
        list_people(folders)
        rest = await asyncio.create_subprocess_exec(
            *portal.management_command("demo_load", "--rest"),
            env=dict(portal.environment(folders)),
            cwd=folders.portal,
            stdout=subprocess.DEVNULL,
            **privilege.identity(folders.accounts.programs),
        )
        if await rest.wait() == 0:
            write_private(note, portal_setup.cluster_identity(folders.database / "data"))

    return Part(
        name="demo",
        command=portal.management_command("demo_load", "--first"),
        needs=("portal", "synapse", "worker"),
        environment=portal.environment(folders),
        folder=folders.portal,
        account=folders.accounts.programs,
        after_start=list_people_and_go_on,
        step=True,
        start_seconds=600,
    )


def list_people(folders: Folders) -> None:
    """Copy the list of people for the one who starts the demo; nothing when it was not loaded yet."""
    people = folders.portal / "demo.json"
    if people.is_file():
        write_private(folders.demo_file, people.read_text(encoding="utf-8"))


def links(folders: Folders) -> tuple[Link, ...]:
    """New sign-in links for the demo's main people.

    Raises:
        DemoError: the portal refused.
    """
    try:
        answer = portal_commands.run(folders, "demo_links", "--json")
    except portal_commands.CommandFailed as error:
        raise DemoError(str(error)) from error
    try:
        found: list[dict[str, Any]] = json.loads(answer)
        return tuple(Link(each["key"], each["name"], each["url"]) for each in found)
    except (ValueError, KeyError, TypeError) as error:
        raise DemoError(f"demo_links answered something else than links: {answer[:200]!r}") from error
