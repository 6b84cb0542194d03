"""What `samtale fka check` looks at.

Our side is judged by the rules of the validator that KOMBIT's administration runs on metadata, and by what it
says about certificates; the other side by whether it can be had and what is in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

from samtale.config import Config
from samtale.config_sections import FkaSection
from samtale.oiosaml import documents, fetching, metadata_rules, provider_metadata
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2, PROFILE, Allowed
from samtale.oiosaml.names import DS
from samtale.oiosaml.refusal import Refused
from samtale.stack import (
    authorities,
    diagnosis,
    federation,
    federation_keys,
    key_diagnosis,
    openid_diagnosis,
    portal_commands,
)
from samtale.stack.finding import Finding
from samtale.stack.folders import Folders

METADATA_PATH = "/adgang/saml/metadata"


@dataclass(frozen=True)
class Source:
    """Where a provider's metadata are, whose signature they must have, and what it may use."""

    metadata: str
    pinned: str
    allowed: Allowed


def examine(config: Config, folders: Folders) -> list[Finding]:
    """Look at everything. Changes nothing."""
    section = federation.with_keys_of_now(federation.fka(config, folders))
    findings = [
        diagnosis.clock(folders),
        _address(config),
        _entity_id(section),
        _contact(section),
        *key_diagnosis.examine(section, folders),
        *_metadata(config, folders),
    ]
    https = not config.demo
    known = federation.providers(config)
    if not known:
        nobody = "none: nobody can sign in with their municipality"
        findings.append(
            Finding("providers", "warning", nobody, "name one in samtale.toml, in [oiosaml.SLUG]")
        )
    for slug, provider in known.items():
        allowed = PROFILE if provider.algorithms == "profile" else CONTEXT_HANDLER_2
        findings += _provider(slug, Source(provider.metadata, provider.pinned, allowed), require_https=https)
        if provider.accept_assurance_level:
            old = "the older AssuranceLevel counts where no NSIS level is stated"
            advice = "take accept_assurance_level away when you can"
            findings.append(Finding(f"provider {slug}, level", "warning", old, advice))
    for slug, authority in authorities.saml(config).items():
        findings += _provider(
            slug, Source(authority.metadata, authority.pinned, PROFILE), require_https=https
        )
    findings += openid_diagnosis.providers(config, folders)
    return findings


def metadata(config: Config, folders: Folders) -> str:
    """The document to upload, as it is published.

    Raises:
        portal_commands.CommandFailed: it cannot be made, with the reason.
    """
    if missing := federation_keys.missing(config, folders):
        raise portal_commands.CommandFailed(
            f"{missing[0]} is not there: `samtale fka keys new` makes our keys, or name yours in samtale.toml"
        )
    settings = portal_commands.settings_without_database(config, folders)
    with portal_commands.environment_of(settings, folders) as environment:
        return portal_commands.run(folders, "oiosaml_metadata", environment=environment)


def _address(config: Config) -> Finding:
    if config.demo:
        return Finding("address", "good", f"{config.public_url}, which the demo shows this machine alone")
    if config.public_url.startswith("https://"):
        return Finding("address", "good", config.public_url)
    advice = "set portal.hostname, and proxy.tls or proxy.external"
    return Finding("address", "bad", f"{config.public_url}, and KOMBIT takes nothing but HTTPS", advice)


def _entity_id(section: FkaSection) -> Finding:
    host = urlsplit(section.entity_id).hostname
    if host is None:
        advice = "name one that begins with https:// in fka.entity_id"
        return Finding(
            "entity id", "bad", f"{section.entity_id} has no host, which our roles are named after", advice
        )
    return Finding("entity id", "good", f"{section.entity_id}; roles: http://{host}/roles/usersystemrole/...")


def _contact(section: FkaSection) -> Finding:
    if section.contact_email:
        return Finding("contact", "good", f"{section.contact_company}, {section.contact_email}")
    advice = "name one that several people read in fka.contact_email"
    return Finding("contact", "warning", "no address of its own for the federation to write to", advice)


def _metadata(config: Config, folders: Folders) -> Iterator[Finding]:
    try:
        ours = _parsed(metadata(config, folders).encode())
    except portal_commands.CommandFailed as failed:
        yield Finding("our metadata", "bad", str(failed), "put that right first")
        return
    wrong = list(metadata_rules.broken(ours, plain=config.demo))
    if wrong:
        yield Finding("our metadata", "bad", "; ".join(wrong), "KOMBIT would refuse it")
    else:
        found = "EntityDescriptor, signed, sign-in by POST, logout by Redirect, a key for each use"
        yield Finding("our metadata", "good", found)
    yield _published(config, ours)


def _published(config: Config, ours: etree._Element) -> Finding:
    """Whether the running platform shows the world the same."""
    address = config.public_url + METADATA_PATH
    try:
        served = _parsed(fetching.fetch(address, require_https=not config.demo))
    except (fetching.Unreachable, Refused) as error:
        advice = "start the platform, or upload what `samtale fka metadata` writes"
        return Finding("published", "warning", f"{address}: {error}", advice)
    shown, wanted = (
        [root.get("entityID"), *(metadata_rules.certificates(root, use) for use in federation_keys.USES)]
        for root in (served, ours)
    )
    if shown != wanted:
        found = f"{address} shows other keys or another name than samtale.toml"
        return Finding("published", "bad", found, "start the platform anew: samtale down, samtale up")
    return Finding("published", "good", f"{address} shows the same")


def _provider(slug: str, source: Source, *, require_https: bool) -> Iterator[Finding]:
    what = f"provider {slug}"
    try:
        document = fetching.fetch(source.metadata, require_https=require_https)
        pinned = provider_metadata.pinned_in(Path(source.pinned).read_bytes()) if source.pinned else []
        found = provider_metadata.read(document, now=datetime.now(UTC), pinned=pinned, allowed=source.allowed)
    except (fetching.Unreachable, Refused, OSError) as error:
        advice = "until it can be had the platform uses what it has, as long as that is valid"
        yield Finding(what, "bad", f"{source.metadata}: {error}", advice)
        return
    yield Finding(what, "good", f"{source.metadata}: {found.entity_id}")
    yield _signature(f"{what}, signature", document, source.pinned)
    certificates = f"{what}, {len(found.certificates)} certificates"
    yield key_diagnosis.ends(certificates, found.certificates_until, "ask who runs it for the next one")
    if found.valid_until is not None:
        yield key_diagnosis.ends(f"{what}, metadata", found.valid_until, "ask who runs it to renew it")


def _signature(what: str, document: bytes, pinned: str) -> Finding:
    if pinned:
        return Finding(what, "good", f"by the key in {pinned}")
    if _parsed(document).find(f"{{{DS}}}Signature") is None:
        return Finding(what, "good", "none: the metadata is as good as the way it came")
    advice = "get the signer's certificate on another way, and name its file in pinned"
    return Finding(what, "warning", "not looked at, since nothing says whose it must be", advice)


def _parsed(document: bytes) -> etree._Element:
    return documents.parse(document, step=provider_metadata.STEP, limit=provider_metadata.LARGEST)
