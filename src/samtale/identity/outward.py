"""The way to another origin: back to an app or a service that somebody signed in to.

Chromium checks `form-action` along the whole redirect chain that follows a form. A redirect out of the origin
after a sign-in form would be blocked there, so the last step outward is a page of its own with `Refresh` and
a link.
"""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.encoding import iri_to_uri


def leave(request: HttpRequest, name: str, uri: str, *, page: str = "portal/leave.html") -> HttpResponse:
    """A redirect within our own origin, a page that goes on by itself to anywhere else.

    Args:
        name: of the app or service, for the page.
        uri: of its own, already checked. Any scheme.
        page: template of the page.
    """
    if _origin(uri) == _origin(settings.CONFIG.public_url):
        return redirect(uri)
    target = str(iri_to_uri(uri))
    response = render(request, page, {"name": name, "target": target})
    response.headers["Refresh"] = f"0; url={target}"
    return response


def redirect(uri: str) -> HttpResponse:
    """303: whatever the request was, the client gets a GET. Any scheme: the URI is the client's own."""
    return HttpResponse(status=303, headers={"Location": str(iri_to_uri(uri)), "Cache-Control": "no-store"})


def with_issuer(uri: str, issuer: str) -> str:
    """Say who answers (RFC 9207), where the rest of the answer is: in the fragment or in the query."""
    parts = urlsplit(uri)
    if parts.fragment:
        return urlunsplit(parts._replace(fragment=_with_iss(parts.fragment, issuer)))
    return urlunsplit(parts._replace(query=_with_iss(parts.query, issuer)))


def _origin(uri: str) -> tuple[str, str]:
    parts = urlsplit(uri)
    return parts.scheme, parts.netloc


def _with_iss(parameters: str, issuer: str) -> str:
    kept = [(name, value) for name, value in parse_qsl(parameters, keep_blank_values=True) if name != "iss"]
    return urlencode([*kept, ("iss", issuer)])
