"""The routing table of the host name, as data: it feeds the proxy here and an ingress elsewhere.

The first route that fits wins; what none fits is 404. Paths are compared after percent-decoding and after
`.`, `..` and double slashes are resolved, so that no spelling reaches what is closed.
"""

from dataclasses import dataclass
from enum import StrEnum


class Target(StrEnum):
    """Who answers."""

    CLIENT = "client"
    PORTAL = "portal"
    SYNAPSE = "synapse"
    WELL_KNOWN = "well-known"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Route:
    """One line of the table.

    Attributes:
        name: a word for matchers and tests.
        target: who answers.
        paths: exact paths, or prefixes that end in `*`.
        pattern: a regular expression (RE2) in place of `paths`.
        stream: answers are passed on at once, never gathered.
    """

    name: str
    target: Target
    paths: tuple[str, ...] = ()
    pattern: str = ""
    stream: bool = False


ROUTES: tuple[Route, ...] = (
    Route("assets", Target.CLIENT, ("/assets/*",)),
    Route(
        "client",
        Target.CLIENT,
        (
            "/",
            "/sw.js",
            "/manifest.webmanifest",
            "/favicon.ico",
            "/icon.svg",
            "/robots.txt",
            "/.well-known/security.txt",
        ),
    ),
    Route("product", Target.PORTAL, pattern="^/p/[a-z0-9-]+$"),
    Route("portal", Target.PORTAL, ("/adgang/*",)),
    Route("api", Target.PORTAL, ("/api/*",)),
    Route(
        "legacy_sign_in",
        Target.PORTAL,
        pattern="^/_matrix/client/(r0|v3|v1|api/v1|unstable)/(login|logout|refresh)(/|$)",
    ),
    Route(
        "closed",
        Target.NOTHING,
        ("/_matrix/app/*", "/_synapse/admin/*", "/_synapse/mas/*", "/twirp*"),
    ),
    Route("sync", Target.SYNAPSE, pattern="^/_matrix/client/[^/]+/(sync|events)$", stream=True),
    Route("matrix", Target.SYNAPSE, ("/_matrix/*", "/_synapse/client/*")),
    Route("well_known", Target.WELL_KNOWN, ("/.well-known/matrix/client",)),
)
