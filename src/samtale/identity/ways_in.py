"""The ways in that authorities vouch for, as the pages name them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from samtale.identity import names
from samtale.identity.models import Organisation

COOKIE = "samtale_vej"
#: In the session.
ASKED = "asked_in_silence"


@dataclass(frozen=True)
class WayIn:
    """``slug``: in samtale.toml; ``name``: as people know it; ``cvrs``: whom it speaks for, None: any.

    ``kind``: for the municipalities together, or an authority's own.
    """

    slug: str
    name: str
    kind: Literal["municipality", "authority"]
    cvrs: tuple[str, ...] | None


def every() -> list[WayIn]:
    """In the order of the file, the municipalities' first."""
    config = settings.CONFIG
    return [
        *_of({**config.oiosaml, **config.broker}, "municipality"),
        *_of({**config.oidc, **config.saml}, "authority"),
    ]


def _of(sections: Mapping[str, Any], kind: Literal["municipality", "authority"]) -> Iterator[WayIn]:
    for slug, section in sections.items():
        yield WayIn(slug, section.name, kind, None if section.cvr == "any" else section.cvr)


def authorities() -> list[WayIn]:
    """Those that speak for one authority each, or a few."""
    return [way for way in every() if way.kind == "authority"]


def search(query: str) -> list[WayIn]:
    """Authorities by what they or their organisations are called; all of them for nothing."""
    wanted = names.query_words(query)
    found = [way for way, key in _search_keys() if _has(key, wanted)]
    return sorted(found, key=lambda way: names.sort_key(way.name))


def _search_keys() -> Iterator[tuple[WayIn, str]]:
    called = dict(Organisation.objects.exclude(cvr=None).values_list("cvr", "search_key"))
    for way in authorities():
        yield way, "".join([names.search_key(way.name), *(called.get(cvr, "") for cvr in way.cvrs or ())])


def _has(key: str, wanted: list[list[str]]) -> bool:
    """Each word begins one of the key's, in one of its spellings."""
    return all(any(f" {spelling}" in key for spelling in spellings) for spellings in wanted)


def find(slug: str) -> WayIn | None:
    return next((way for way in every() if way.slug == slug), None)


def prominent(request: HttpRequest) -> list[WayIn]:
    """The municipalities' ways, before them the one that was used last on this device; else the only one."""
    last = request.COOKIES.get(COOKIE)
    shown = [way for way in every() if way.kind == "municipality" or way.slug == last]
    if not shown and len(authorities()) == 1:
        return authorities()
    return sorted(shown, key=lambda way: way.slug != last)


def to_ask_in_silence(request: HttpRequest) -> str | None:
    """Where a browser without a session can be sent to get one without a question; None when it just was.

    That is to the authority that was used last on this device: perhaps the person is signed in there.
    """
    last = find(request.COOKIES.get(COOKIE, ""))
    if request.session.pop(ASKED, False) or last is None:
        return None
    return reverse("sign_in_in_silence", args=[last.slug])


def note_silence(request: HttpRequest) -> None:
    """The authority could not say who it is without asking; it is not asked again at once."""
    request.session[ASKED] = True


def remember(response: HttpResponse, slug: str) -> None:
    response.set_cookie(
        COOKIE,
        slug,
        max_age=365 * 86400,
        path="/adgang/",
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
