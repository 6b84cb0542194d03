"""The sections of `samtale.toml`: which keys each has, of which kind, and what holds when nobody says."""

from dataclasses import MISSING, dataclass, field
from typing import Any, Literal

from samtale.config_values import (
    ADDRESSES,
    ALGORITHMS,
    BOOLEAN,
    CLAIM,
    CVR_LIST,
    CVR_NUMBERS,
    HOSTNAME,
    ISSUER,
    LANGUAGE,
    LEVEL,
    OIDC_SCOPES,
    OPTIONAL_ADDRESS,
    OPTIONAL_CLAIM,
    OPTIONAL_DSN,
    OPTIONAL_ENTITY_ID,
    OPTIONAL_MAIL_ADDRESS,
    OPTIONAL_PATH,
    OPTIONAL_TEXT,
    ORGANISATIONS,
    PATHS,
    PORT,
    PRESENCE,
    RATE,
    ROLES,
    SCOPES,
    SECURITY,
    SERVER_NAME,
    SHORT_NAME,
    SIZE,
    SOME_ADDRESSES,
    SOME_CVRS,
    SOME_TEXT,
    SUBJECT,
    TLS,
    Kind,
    whole_number,
)

LOCAL_HOST = "localhost"
#: CVR number of OS2 - Offentligt digitaliseringsfællesskab.
OS2 = "41849983"
#: The slug of the demo's own identity provider.
DEMO_PROVIDER = "proeve"
#: The slug of the demo's other authority, a region with an OpenID Provider of its own.
DEMO_AUTHORITY = "region"


def key(kind: Kind, default: Any = MISSING, *, secret: bool = False) -> Any:
    """A field that is a key of the file; it must be there when it has no default. ``secret``: never shown."""
    return field(default=default, metadata={"kind": kind, "secret": secret})


@dataclass(frozen=True)
class PortalSection:
    """How people reach the platform. `hostname` may change later, `matrix.server_name` may not.

    `device_days`: how long a device stays signed in after its person last signed in to the portal.
    """

    hostname: str = key(HOSTNAME, LOCAL_HOST)
    language: Literal["da", "en"] = key(LANGUAGE, "da")
    device_days: int = key(whole_number(1, 365), 30)


@dataclass(frozen=True)
class ProxySection:
    """The proxy in front.

    `external`: another one is there already, and none of ours starts.
    `tls`: `off`, `acme` (a certificate is fetched and renewed) or `files` (`certificate`, `certificate_key`).
    """

    port: int = key(PORT, 8400)
    external: bool = key(BOOLEAN, False)
    tls: Literal["off", "acme", "files"] = key(TLS, "off")
    certificate: str = key(OPTIONAL_PATH, "")
    certificate_key: str = key(OPTIONAL_PATH, "")
    acme_email: str = key(OPTIONAL_MAIL_ADDRESS, "")


@dataclass(frozen=True)
class MatrixSection:
    """The chat engine. Rates are per second, with room for a whole municipality behind one address."""

    server_name: str = key(SERVER_NAME, "")
    messages_per_second: float = key(RATE, 5.0)
    joins_per_second: float = key(RATE, 5.0)
    invites_per_second: float = key(RATE, 1.0)
    max_upload_size: int = key(SIZE, 50 * 1024**2)
    url_previews: bool = key(BOOLEAN, True)
    presence: Literal["on", "off", "untracked"] = key(PRESENCE, "on")
    cache_factor: float = key(RATE, 0.5)
    connections: int = key(whole_number(2, 200), 5)


@dataclass(frozen=True)
class DatabaseSection:
    """Empty DSN: the bundled PostgreSQL, in the data folder, reached by a unix socket only."""

    portal_dsn: str = key(OPTIONAL_DSN, "", secret=True)
    synapse_dsn: str = key(OPTIONAL_DSN, "", secret=True)
    shared_buffers: int = key(SIZE, 32 * 1024**2)
    max_connections: int = key(whole_number(20, 2000), 60)


@dataclass(frozen=True)
class PortsSection:
    """Where the parts listen on 127.0.0.1."""

    portal: int = key(PORT, 8402)
    synapse: int = key(PORT, 8408)
    testidp: int = key(PORT, 8406)


@dataclass(frozen=True)
class MailSection:
    """Outgoing mail. Without a host, and always in the demo, mails are files in the data folder."""

    host: str = key(OPTIONAL_TEXT, "")
    port: int = key(PORT, 587)
    security: Literal["starttls", "tls", "none"] = key(SECURITY, "starttls")
    user: str = key(OPTIONAL_TEXT, "")
    password: str = key(OPTIONAL_TEXT, "", secret=True)
    sender: str = key(OPTIONAL_MAIL_ADDRESS, "")


@dataclass(frozen=True)
class ProgramsSection:
    """The distribution's own programs in place of the bundled ones: PostgreSQL's folder, Caddy's file."""

    postgresql: str = key(OPTIONAL_PATH, "")
    caddy: str = key(OPTIONAL_PATH, "")


@dataclass(frozen=True)
class FkaSection:
    """What we are to the municipalities' federation (FK Adgangsstyring), and what its privileges may give.

    `entity_id`: our name there, which can never change; empty: the public address. `signing_keys` and
    `encryption_keys`: PEM or PKCS#12, the current one first, then the other one of a rollover; none: those
    that `samtale fka keys` made in the data folder. `password_file`: opens them.
    """

    entity_id: str = key(OPTIONAL_ENTITY_ID, "")
    signing_keys: tuple[str, ...] = key(PATHS, ())
    encryption_keys: tuple[str, ...] = key(PATHS, ())
    password_file: str = key(OPTIONAL_PATH, "")
    contact_company: str = key(OPTIONAL_TEXT, "OS2")
    contact_email: str = key(OPTIONAL_MAIL_ADDRESS, "")
    administrator_cvr: tuple[str, ...] = key(CVR_LIST, (OS2,))
    require_medlem: bool = key(BOOLEAN, False)


@dataclass(frozen=True, kw_only=True)
class OiosamlSection:
    """`[oiosaml.SLUG]`: an identity provider that speaks OIOSAML 3. The slug is part of each person's key.

    `metadata`: an address or a file. `pinned`: a certificate (PEM) that must have signed it.
    `cvr`: the organisations it may speak for; `any` is for KOMBIT's production Context Handler alone.
    `algorithms`: `ch2` is what Context Handler 2 uses; `profile` is all that the OIOSAML profile allows.
    """

    name: str = key(SOME_TEXT)
    metadata: str = key(SOME_TEXT)
    pinned: str = key(OPTIONAL_PATH, "")
    cvr: Literal["any"] | tuple[str, ...] = key(CVR_NUMBERS)
    level: Literal["low", "substantial", "high"] = key(LEVEL, "substantial")
    accept_assurance_level: bool = key(BOOLEAN, False)
    algorithms: Literal["ch2", "profile"] = key(ALGORITHMS, "ch2")


@dataclass(frozen=True, kw_only=True)
class OidcSection:
    """`[oidc.SLUG]`: an authority's own OpenID Provider. The slug is part of each person's key.

    `issuer`: exactly as its discovery document says. `secret_file`: holds our secret there, which stands
    nowhere else. `subject`: the claim that names a person for good; at Entra ID that is `oid`. `cvr`: the
    organisations it may speak for; with several, `cvr_claim` says which of them. `role_claim`,
    `member_role`: when they are named, only who has that role there comes in. Nobody becomes more than a
    member. `sign_out`: who signs out here is signed out there as well.
    """

    name: str = key(SHORT_NAME)
    issuer: str = key(ISSUER)
    client_id: str = key(SOME_TEXT)
    secret_file: str = key(SOME_TEXT)
    scopes: tuple[str, ...] = key(OIDC_SCOPES, ("profile", "email"))
    subject: Literal["sub", "oid"] = key(SUBJECT, "sub")
    cvr: tuple[str, ...] = key(SOME_CVRS)
    cvr_claim: str = key(OPTIONAL_CLAIM, "")
    name_claim: str = key(CLAIM, "name")
    email_claim: str = key(OPTIONAL_CLAIM, "email")
    role_claim: str = key(OPTIONAL_CLAIM, "")
    member_role: str = key(OPTIONAL_TEXT, "")
    sign_out: bool = key(BOOLEAN, False)


@dataclass(frozen=True, kw_only=True)
class SamlSection:
    """`[saml.SLUG]`: an authority's own identity provider that speaks SAML 2.0, without OIOSAML.

    `metadata`, `pinned`: as for OIOSAML. `subject`: the attribute that names a person for good; empty: the
    NameID. `encrypted`: the assertion must be; it must be signed in any case. The rest as for `[oidc.SLUG]`.
    """

    name: str = key(SHORT_NAME)
    metadata: str = key(SOME_TEXT)
    pinned: str = key(OPTIONAL_PATH, "")
    encrypted: bool = key(BOOLEAN, True)
    subject: str = key(OPTIONAL_CLAIM, "")
    cvr: tuple[str, ...] = key(SOME_CVRS)
    cvr_attribute: str = key(OPTIONAL_CLAIM, "")
    name_attribute: str = key(CLAIM)
    email_attribute: str = key(OPTIONAL_CLAIM, "")
    role_attribute: str = key(OPTIONAL_CLAIM, "")
    member_role: str = key(OPTIONAL_TEXT, "")


@dataclass(frozen=True, kw_only=True)
class BrokerSection:
    """`[broker.SLUG]`: an OpenID Provider with the municipalities' federation behind it: OS2's Keycloak.

    What holds for the federation holds for it: organisations, level of assurance, what privileges may give.
    `cvr`: `any` only when no other way in speaks for municipalities. `privileges_claim`: OIO BPP, as it came.
    `sign_out`: as for `[oidc.SLUG]`.
    """

    name: str = key(SHORT_NAME)
    issuer: str = key(ISSUER)
    client_id: str = key(SOME_TEXT)
    secret_file: str = key(SOME_TEXT)
    scopes: tuple[str, ...] = key(OIDC_SCOPES, ("profile", "email"))
    cvr: Literal["any"] | tuple[str, ...] = key(CVR_NUMBERS)
    level: Literal["low", "substantial", "high"] = key(LEVEL, "substantial")
    cvr_claim: str = key(CLAIM, "cvr")
    uuid_claim: str = key(CLAIM, "uuid")
    level_claim: str = key(CLAIM, "loa")
    privileges_claim: str = key(CLAIM, "privileges")
    name_claim: str = key(CLAIM, "name")
    email_claim: str = key(CLAIM, "email")
    organisation_claim: str = key(CLAIM, "organisation")
    sign_out: bool = key(BOOLEAN, False)


@dataclass(frozen=True, kw_only=True)
class SsoSection:
    """`[sso.SLUG]`: another service that people sign in to with us (OpenID Connect). Its client id is SLUG.

    `secret_file`: holds the client's secret, which stands nowhere else. `public`: it can keep none.
    `trusted`: people are not asked whether it may know who they are. `scopes`: what it may ask for besides
    `openid`. `roles`, `organisations`: who may use it; no organisations: those of every kind.
    """

    name: str = key(SHORT_NAME)
    redirect_uris: tuple[str, ...] = key(SOME_ADDRESSES)
    post_logout_redirect_uris: tuple[str, ...] = key(ADDRESSES, ())
    backchannel_logout_uri: str = key(OPTIONAL_ADDRESS, "")
    secret_file: str = key(OPTIONAL_PATH, "")
    public: bool = key(BOOLEAN, False)
    trusted: bool = key(BOOLEAN, False)
    scopes: tuple[str, ...] = key(SCOPES, ("profile", "email"))
    roles: tuple[str, ...] = key(ROLES, ("member", "administrator", "owner"))
    organisations: tuple[str, ...] = key(ORGANISATIONS, ())
