"""The app in a site: what it refuses to start with, and logouts when a provider has none or is away."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import xmlsec
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory
from django.utils import timezone
from federation import write_key
from lxml import etree
from oiosaml_site import IDP, idp_metadata, service

from samtale.oiosaml import known_metadata, messages, pending, redirect, sessions, single_logout
from samtale.oiosaml.models import PendingRequest, ProviderSession, StoredMetadata
from samtale.oiosaml.names import MD
from samtale.oiosaml.refusal import Refused
from samtale.oiosaml.sessions import Subject
from samtale.oiosaml.sign_in import address_of
from samtale_testidp.answers import Keys

SUBJECT = Subject("C = DK, O = 55133018, CN = Anna, Serial = 1", None, None)


@pytest.mark.parametrize("loaded", [(1, 2, 39), (0, 9)])
def test_an_old_library_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, loaded: tuple[int, ...]
) -> None:
    monkeypatch.setattr(xmlsec, "get_libxmlsec_version", lambda: loaded)
    with pytest.raises(ImproperlyConfigured, match=r"libxmlsec 1\.3 or newer"):
        apps.get_app_config("oiosaml").ready()


@pytest.fixture
def site(db: None, settings: Any, tmp_path: Path, idp_keys: Keys) -> Path:
    """The file with the provider's metadata."""
    settings.OIOSAML = service(tmp_path, write_key(tmp_path / "own.pem", idp_keys))
    file = tmp_path / "idp.xml"
    file.write_bytes(idp_metadata(idp_keys))
    known_metadata.refresh("kommune")
    return file


def without_logout(file: Path) -> None:
    """The provider has none from now on."""
    root = etree.fromstring(file.read_bytes())
    for service_ in list(root.iter(f"{{{MD}}}SingleLogoutService")):
        parent = service_.getparent()
        assert parent is not None
        parent.remove(service_)
    file.write_bytes(etree.tostring(root))
    assert known_metadata.refresh("kommune") == ""


def begun() -> str:
    """The key of a session that the provider began."""
    session = SessionStore()
    sessions.remember(session, "kommune", SUBJECT)
    assert session.session_key is not None
    return session.session_key


def test_a_session_that_was_not_kept_yet_is_kept(site: Path) -> None:
    key = begun()
    assert SessionStore(key).exists(key)
    assert ProviderSession.objects.get().session_key == key


def test_who_leaves_is_led_to_the_provider(site: Path) -> None:
    path = single_logout.begin(begun())
    assert path is not None
    assert single_logout.request_for(path.rpartition("/")[2]).startswith(f"{IDP}/slo?SAMLRequest=")
    assert not ProviderSession.objects.exists()


def test_nobody_is_led_to_a_provider_without_logout(site: Path) -> None:
    without_logout(site)
    assert single_logout.begin(begun()) is None
    assert not ProviderSession.objects.exists()


def test_nobody_is_led_to_a_provider_that_cannot_be_known(site: Path) -> None:
    key = begun()
    StoredMetadata.objects.all().delete()
    site.unlink()
    assert single_logout.begin(key) is None


def test_a_provider_whose_logout_went_away_meanwhile(site: Path) -> None:
    path = single_logout.begin(begun())
    assert path is not None
    without_logout(site)
    with pytest.raises(Refused, match="no logout any more"):
        single_logout.request_for(path.rpartition("/")[2])


def test_a_provider_that_left_the_settings_meanwhile(site: Path, settings: Any) -> None:
    path = single_logout.begin(begun())
    settings.OIOSAML.providers.clear()
    answer = Client(headers={"accept-language": "da"}).get(path or "")
    assert answer.status_code == 400
    assert "Du blev ikke logget ind" in answer.content.decode()


def test_an_answer_that_could_go_nowhere_is_not_given(site: Path, idp_keys: Keys) -> None:
    without_logout(site)
    message = messages.logout_request(
        message_id=messages.new_id(),
        now=timezone.now(),
        entity_id=IDP,
        destination=address_of("slo"),
        name_id=SUBJECT.name_id,
        name_id_format=None,
        session_index=None,
    )
    address = redirect.address(address_of("slo"), "SAMLRequest", message, "there", idp_keys.private)
    with pytest.raises(Refused, match="no address for the answer"):
        single_logout.received(RequestFactory().get("/"), urlsplit(address).query)


def test_a_logout_waits_ten_minutes(site: Path) -> None:
    path = single_logout.begin(begun())
    PendingRequest.objects.update(at=timezone.now() - pending.LIFETIME)
    with pytest.raises(Refused, match="no logout waits"):
        single_logout.request_for((path or "").rpartition("/")[2])
