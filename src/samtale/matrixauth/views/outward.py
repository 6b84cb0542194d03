"""The way back to a client. Only the consent form names its one target and is answered with a redirect."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from oauthlib.oauth2 import OAuth2Error

from samtale.identity import outward
from samtale.matrixauth.issuer import issuer
from samtale.matrixauth.models import Application


def with_issuer(uri: str) -> str:
    """Say who answers."""
    return outward.with_issuer(uri, issuer())


def error_uri(error: OAuth2Error) -> str:
    """An error's way to the client, in the response mode it asked for."""
    return with_issuer(error.in_uri(error.redirect_uri))


def leave(request: HttpRequest, application: Application, uri: str) -> HttpResponse:
    """Go to the client, by a page that goes on by itself."""
    return outward.leave(request, application.name, uri)


def form_target(redirect_uri: str) -> str:
    """The redirect URI as a source of `form-action`: `https://host:port`, or `app.example:`."""
    parts = urlsplit(redirect_uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"
