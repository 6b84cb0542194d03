"""`samtale`, the command: one module per command; each is thin and prints."""

from samtale.cli.application import main

__all__ = ["main"]
