"""Out to whoever says who somebody is, in the language that they speak."""

import logging

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from samtale.identity import sessions, ways_in
from samtale.lifecycle import trials
from samtale.lifecycle.onward import Onward
from samtale.lifecycle.trials import Outcome
from samtale.oidc import conf, http
from samtale.oidc import sign_in as oidc_sign_in
from samtale.oiosaml import sign_in as oiosaml_sign_in
from samtale.oiosaml import single_logout
from samtale.oiosaml.keys import KeyProblem
from samtale.oiosaml.known_metadata import Unknown
from samtale.oiosaml.messages import SignInWish
from samtale.oiosaml.refusal import Refused

log = logging.getLogger(__name__)


class CannotLeave(Exception):
    """The way in does not work now; the text is for the operator."""


def to(slug: str, onward: Onward, wish: SignInWish | None = None) -> HttpResponse:
    """``slug``: of a way in that is configured. Raises :class:`CannotLeave`."""
    wish = wish or SignInWish()
    try:
        if slug in settings.OIDC.providers:
            return oidc_sign_in.begin(slug, onward=onward.to_text(), force=wish.force, passive=wish.passive)
        return oiosaml_sign_in.begin(slug, onward=onward.to_text(), wish=wish)
    except (Unknown, Refused, KeyProblem, http.Unreachable, conf.SecretProblem) as problem:
        raise CannotLeave(str(problem)) from problem


def for_good(session_key: str) -> str | None:
    """Where a browser goes whose session ends now, so that it ends at the authority as well: an own path.

    None: the authority has no part in it.
    """
    if onward := single_logout.begin(session_key):
        return onward
    slug = sessions.vouched_by(session_key)
    return reverse("sign_out_at", args=[slug]) if signs_out_at(slug) else None


def signs_out_at(slug: str) -> bool:
    """Whether who signs out here is sent on to sign out at the OpenID Provider ``slug`` as well."""
    section = settings.CONFIG.oidc.get(slug) or settings.CONFIG.broker.get(slug)
    return section is not None and section.sign_out


def not_now(request: HttpRequest, slug: str, onward: Onward, problem: Exception) -> HttpResponse:
    """Back to where one chooses how to sign in, with a kind sentence; what is wrong is for the operator."""
    log.error("nobody can sign in with %s: %s", slug, problem)
    if onward.purpose == "trial":
        return trials.finish(request, onward, Outcome("cannot", (str(problem),)))
    if onward.purpose == "silence":
        ways_in.note_silence(request)
        return HttpResponseRedirect(onward.path or reverse("account_login"))
    messages.error(request, _("Den måde at logge ind på virker ikke lige nu. Prøv igen om lidt."))
    return HttpResponseRedirect(reverse("account_login"))
