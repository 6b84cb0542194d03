"""What is not accepted. Unlike the side that it tests, a provider for trying out tells everybody why."""


class Rejected(Exception):
    """A message or a form cannot be used; the text says why."""


class Unreachable(Exception):
    """The service provider's metadata cannot be had; the text says why."""
