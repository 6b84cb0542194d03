"""What KOMBIT's validator would say about our metadata."""

from collections.abc import Callable

import pytest
from lxml import etree
from right_answer import ACS, SP

from samtale.oiosaml import metadata, metadata_rules
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2
from samtale.oiosaml.metadata import Contact, KeyPair, ServiceProvider
from samtale_testidp.answers import Keys


@pytest.fixture
def made(idp_keys: Keys, evil_keys: Keys) -> str:
    ours = ServiceProvider(
        entity_id=SP,
        acs_url=ACS,
        slo_url="https://os2samtale.example/adgang/saml/slo",
        name="OS2samtale",
        contact=Contact("OS2", "drift@os2.example"),
        signing=[idp_keys.certificate],
        encryption=[evil_keys.certificate],
        attributes=[],
        allowed=CONTEXT_HANDLER_2,
    )
    return metadata.signed(ours, KeyPair(idp_keys.private, idp_keys.certificate)).decode()


def broken(text: str, *, plain: bool = False) -> list[str]:
    return list(metadata_rules.broken(etree.fromstring(text.encode()), plain=plain))


def test_ours_breaks_none(made: str) -> None:
    assert broken(made) == []


def test_the_certificates_are_found_by_their_use(made: str, idp_keys: Keys, evil_keys: Keys) -> None:
    root = etree.fromstring(made.encode())
    assert metadata_rules.certificates(root, "signing") == [idp_keys.certificate]
    assert metadata_rules.certificates(root, "encryption") == [evil_keys.certificate]


Change = Callable[[str], str]
WRONG: dict[str, tuple[Change, str]] = {
    "another root": (
        lambda text: text.replace("md:EntityDescriptor", "md:EntitiesDescriptor"),
        "its root must be EntityDescriptor",
    ),
    "not signed": (
        lambda text: text[: text.index("<ds:Signature")] + text[text.index("<md:SPSSODescriptor") :],
        "its signature: there must be exactly one",
    ),
    "changed after it was signed": (
        lambda text: text.replace("OS2samtale", "OS2 samtale"),
        "its signature: no key of the metadata has made it",
    ),
    "no key for encryption": (
        lambda text: text.replace('use="encryption"', 'use="signing"'),
        "there must be a KeyDescriptor for signing and one for encryption",
    ),
    "sign-in by redirect": (
        lambda text: text.replace("bindings:HTTP-POST", "bindings:HTTP-Redirect"),
        "AssertionConsumerService must be there once, by HTTP-POST",
    ),
    "logout by POST": (
        lambda text: text.replace("bindings:HTTP-Redirect", "bindings:HTTP-POST"),
        "SingleLogoutService must be there once, by HTTP-Redirect",
    ),
    "no logout": (
        lambda text: text.replace("md:SingleLogoutService", "md:ArtifactResolutionService"),
        "SingleLogoutService must be there once",
    ),
    "an address without TLS": (
        lambda text: text.replace(f'Location="{ACS}"', 'Location="http://os2samtale.example/acs"'),
        "http://os2samtale.example/acs must be HTTPS",
    ),
    "an answer about logging out without TLS": (
        lambda text: text.replace(
            "<md:SingleLogoutService", '<md:SingleLogoutService ResponseLocation="http://x.example/"'
        ),
        "http://x.example/ must be HTTPS",
    ),
    "nobody to write to": (
        lambda text: text.replace("md:EmailAddress", "md:TelephoneNumber"),
        "there must be a ContactPerson with an EmailAddress",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_broken_rule_is_named(made: str, name: str) -> None:
    change, sentence = WRONG[name]
    text = change(made)
    assert text != made
    assert any(said.startswith(sentence) for said in broken(text)), broken(text)


def test_addresses_of_this_machine_may_do_without_tls(made: str) -> None:
    text = made.replace("https://os2samtale.example", "http://localhost:8400")
    assert not [said for said in broken(text, plain=True) if "HTTPS" in said]
    assert len([said for said in broken(text) if "HTTPS" in said]) == 2
