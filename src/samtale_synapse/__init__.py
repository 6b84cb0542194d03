"""OS2samtale's module inside Synapse: the rules that must hold for every Matrix client, not only for ours.

``homeserver.yaml``::

    modules:
      - module: samtale_synapse.SamtaleModule
        config:
          server_user: "@samtale:example.dk"

Synapse is imported only where a rule needs it, so that the rest of the project can read
:mod:`samtale_synapse.homeserver_options` and the limits without loading a chat engine.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from samtale_synapse.module import SamtaleModule

__all__ = ["SamtaleModule"]


def __getattr__(name: str) -> Any:
    if name != "SamtaleModule":
        raise AttributeError(name)
    from samtale_synapse.module import SamtaleModule  # noqa: PLC0415

    return SamtaleModule
