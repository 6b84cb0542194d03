"""``python -m samtale.portal COMMAND``: Django's commands with the portal's settings."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samtale.portal.settings")
execute_from_command_line([f"{__package__}", *sys.argv[1:]])
