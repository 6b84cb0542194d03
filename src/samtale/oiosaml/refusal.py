"""Why an answer of an identity provider is not accepted."""


class Refused(Exception):
    """``step``: which check said no; ``reason``: for the audit log, without anything personal in it."""

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(f"{step}: {reason}")
        self.step = step
        self.reason = reason
        #: The provider's slug, where whoever refuses knows it.
        self.provider = ""
        #: What was given when the sign-in began, where it is known.
        self.onward = ""
