"""The portal's settings for unit tests and the type checker: its database is the tests' own server."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # the type checker does not know this folder

from portal_database import PortalDatabase

from samtale.portal_configuration import ENVIRONMENT_VARIABLE

DATABASE_SERVER = PortalDatabase()
# Playwright keeps an event loop in the tests' thread for as long as a browser is open.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
os.environ[ENVIRONMENT_VARIABLE] = str(DATABASE_SERVER.describe())

from samtale.portal.settings import *  # noqa: E402, F403
from samtale.portal.settings import DATABASES, STORAGES  # noqa: E402

# Test runs side by side must not share a database.
DATABASES["default"]["TEST"] = {"NAME": f"test_samtale_portal_{os.getpid()}"}

# Nothing is collected for unit tests, so a static file has no name with a hash in it.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# The real one is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
