"""A municipality that the site knows, and a browser."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from federation import Municipality, make_keys

from samtale.config_sections import OiosamlSection
from samtale_testidp.answers import Keys


@pytest.fixture(scope="session")
def provider_keys() -> Keys:
    return make_keys("provider")


@pytest.fixture(scope="session")
def service_keys() -> Keys:
    return make_keys("service")


@pytest.fixture
def municipality(
    db: None, settings: Any, tmp_path: Path, provider_keys: Keys, service_keys: Keys
) -> Municipality:
    made = Municipality.beside(tmp_path, keys=provider_keys, service_keys=service_keys)
    settings.OIOSAML = made.service
    section = OiosamlSection(name="Din kommune", metadata="x", cvr=("55133018",))
    settings.CONFIG = replace(
        settings.CONFIG,
        oiosaml={"kommune": section},
        fka=replace(settings.CONFIG.fka, entity_id=made.service.entity_id),
    )
    return made


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "da"})
