"""What is fixed at the first start of a data folder and can never change."""

import json
from dataclasses import asdict, dataclass

from samtale.config import Config
from samtale.stack.folders import Folders
from samtale.stack.secrets import write_private


class FixedError(Exception):
    """The configuration contradicts what was fixed at the first start; one sentence says which key."""


@dataclass(frozen=True)
class Installation:
    """Written once.

    Attributes:
        server_name: everybody's Matrix id ends in it.
        demo: the people and conversations are made up and must never be served under a host name.
    """

    server_name: str
    demo: bool


def holds_demo(folders: Folders) -> bool:
    """Whether the data folder holds the demo and nothing that anybody would miss."""
    try:
        found = json.loads(folders.installation.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("demo") is True


def check(config: Config, folders: Folders) -> bool:
    """Compare with the first start; without one, write it down. Returns whether this is the first.

    Raises:
        FixedError: the server name changed, or demo and real data would mix.
    """
    now = Installation(config.server_name, config.demo)
    if not folders.installation.exists():
        write_private(folders.installation, json.dumps(asdict(now), indent=2) + "\n")
        return True
    try:
        fixed = Installation(**json.loads(folders.installation.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise FixedError(f"{folders.installation}: damaged ({error}); restore it from a backup") from error
    if now.server_name != fixed.server_name:
        raise FixedError(
            f"{config.where('matrix.server_name')}: must stay {fixed.server_name!r} as at the first start, "
            f"since everybody's Matrix id ends in it, got {now.server_name!r}"
        )
    if fixed.demo and not config.demo:
        raise FixedError(
            f"{folders.root} holds the demo's made-up people: start it with --demo, "
            "or name another folder with --data"
        )
    if config.demo and not fixed.demo:
        raise FixedError(
            f"{folders.root} holds a real installation: the demo needs a folder of its own, named with --data"
        )
    return False
