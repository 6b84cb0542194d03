"""`samtale fka selftest`: a database that is thrown away, and the portal's own test in it."""

import json
from dataclasses import replace
from importlib.util import find_spec

from samtale.config import Config
from samtale.config_sections import OiosamlSection
from samtale.lifecycle.tried import SLUG, Case
from samtale.stack import portal_commands, scratch
from samtale.stack.federation import DEMO_CVRS
from samtale.stack.folders import Folders

_NEEDED = ("samtale_testidp", "signxml", "jinja2")


class NotInstalled(Exception):
    """The test identity provider is not there; the text says how to get it."""


def run(config: Config, folders: Folders) -> list[Case]:
    """Every good person and every answer that must be refused.

    Raises:
        NotInstalled: the extra is missing.
        postgres.PostgresError: there can be no database for it.
        portal_commands.CommandFailed: it could not be tried at all.
    """
    if any(find_spec(name) is None for name in _NEEDED):
        raise NotInstalled(
            "the self-test needs the test identity provider, which is no part of an installed package: run "
            "it from a checkout in which `make bootstrap` has installed the extra demo"
        )
    with scratch.portal_settings(config, folders) as made:
        provider = OiosamlSection(
            name="Selvtest", metadata=str(made.data_dir / "provider.xml"), cvr=DEMO_CVRS
        )
        settings = replace(made, oiosaml={SLUG: provider}, saml={}, oidc={}, broker={})
        with portal_commands.environment_of(settings, folders) as environment:
            printed = portal_commands.run(folders, "fka_selftest", environment=environment)
    return [Case(**case) for case in json.loads(printed)]
