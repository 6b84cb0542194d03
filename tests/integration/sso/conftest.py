"""The whole platform with two services beside it, and a browser."""

import secrets
from collections.abc import Iterator

import pytest
from authlib_service import started
from e2e import browser as chromium
from platform_under_test import Place, Platform
from playwright.sync_api import Browser
from surroundings import Surroundings, Window


@pytest.fixture(scope="module")
def surroundings() -> Iterator[Surroundings]:
    place = Place("sso", first_port=20400)
    file = place.root.with_suffix(".toml")
    with started("bogreol", secrets.token_hex(32)) as bogreol, started("viki", secrets.token_hex(32)) as viki:
        for service in (bogreol, viki):
            place.root.with_name(f"{place.root.name}-{service.slug}.secret").write_text(service.secret)
        named = {each.slug: f"{place.root.name}-{each.slug}.secret" for each in (bogreol, viki)}
        tables = [bogreol.table(named["bogreol"]), viki.table(named["viki"], "trusted = true")]
        file.write_text("\n".join(tables))
        running = Platform(place.root, place.first_port, file=file)
        try:
            running.start()
            yield Surroundings(running, bogreol, viki)
        finally:
            running.stop()
            place.leave()


@pytest.fixture
def window(browser: Browser) -> Iterator[Window]:
    context = chromium.window(browser)
    context.set_default_timeout(60_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    yield Window(page, complaints)
    context.close()
