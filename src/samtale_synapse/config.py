"""The module's part of homeserver.yaml, as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synapse.module_api.errors import ConfigError

from samtale_synapse import limits


@dataclass(frozen=True)
class ModuleConfig:
    """``server_user``: Matrix id of the portal's account, which no rule binds."""

    server_user: str
    private_chat_members: int = limits.PRIVATE_CHAT_MEMBERS


def parse(raw: Mapping[str, Any]) -> ModuleConfig:
    """Raises ``ConfigError`` naming the key, what was given and what is allowed."""
    known = {"server_user", "private_chat_members"}
    for key in raw:
        if key not in known:
            raise _error(key, f"is not known; known are {', '.join(sorted(known))}")
    return ModuleConfig(
        server_user=_matrix_id(raw, "server_user"),
        private_chat_members=_whole_number(
            raw, "private_chat_members", limits.PRIVATE_CHAT_MEMBERS, least=2, most=100
        ),
    )


def _matrix_id(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.startswith("@") or ":" not in value:
        raise _error(key, f"must be a Matrix id such as '@samtale:example.dk', got {value!r}")
    return value


def _whole_number(raw: Mapping[str, Any], key: str, default: int, *, least: int, most: int) -> int:
    value = raw.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise _error(key, f"must be a whole number from {least} to {most}, got {value!r}")
    return value


def _error(key: str, problem: str) -> ConfigError:
    return ConfigError(f"samtale_synapse: {key} {problem}", ("modules", "samtale_synapse", key))
