"""A "no" with a reason: one for people, one for programs."""

from dataclasses import dataclass
from typing import Any

from synapse.module_api.errors import Codes, SynapseError


@dataclass(frozen=True)
class Refusal:
    """``reason``: machine-readable, sent as ``dk.os2.reason`` so that our client can say it its own way.

    Other clients show the sentence as it is, hence both languages in it.
    """

    reason: str
    danish: str
    english: str

    @property
    def fields(self) -> dict[str, Any]:
        return {"error": f"{self.danish} / {self.english}", "dk.os2.reason": self.reason}

    def for_callback(self) -> tuple[Codes, dict[str, Any]]:
        """What a spam checker callback returns to refuse: 403, ``M_FORBIDDEN`` and our fields."""
        return Codes.FORBIDDEN, self.fields

    def error(self) -> SynapseError:
        """For callbacks that refuse by raising."""
        return SynapseError(403, self.fields["error"], Codes.FORBIDDEN, self.fields)
