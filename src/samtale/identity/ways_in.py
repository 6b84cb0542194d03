"""The ways in that authorities vouch for, as the pages name them."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "samtale_vej"


@dataclass(frozen=True)
class WayIn:
    """``slug``: in samtale.toml; ``name``: as people know it."""

    slug: str
    name: str


def every() -> list[WayIn]:
    """In the order of the file."""
    return [WayIn(slug, section.name) for slug, section in settings.CONFIG.oiosaml.items()]


def find(slug: str) -> WayIn | None:
    return next((way for way in every() if way.slug == slug), None)


def remembered_first(request: HttpRequest) -> list[WayIn]:
    """The one that was used last on this device stands first."""
    last = request.COOKIES.get(COOKIE)
    return sorted(every(), key=lambda way: way.slug != last)


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
