"""What the self-test says, for both sides: the process that tries, and the command line that shows it."""

from dataclasses import dataclass

#: The slug of the provider that is tried.
SLUG = "selvtest"


@dataclass(frozen=True)
class Case:
    """One way to come in, and what came of it. ``step``: which check refused."""

    name: str
    expected: str
    got: str
    step: str = ""

    @property
    def good(self) -> bool:
        """Whether it came as it must."""
        return self.expected == self.got
