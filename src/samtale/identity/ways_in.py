"""The ways in that authorities vouch for, as the pages name them."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

COOKIE = "samtale_vej"
#: In the session.
ASKED = "asked_in_silence"


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
