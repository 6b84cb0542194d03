"""``python -m samtale.cli``."""

from samtale.cli.application import main

main()
