"""No form of the portal is answered with a redirect that can leave the origin.

Browsers check ``form-action`` along the whole chain of redirects that a form starts. Each form ends in a 303
to a path of our own; the way out to another service is a page of its own
(`samtale.identity.outward`), from where the browser sets out anew.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

View = Callable[..., HttpResponseBase]


def is_own_path(url: str) -> bool:
    """Whether ``url`` is a path on this origin: no host, no scheme, none of the ways browsers read one in."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


class LeavesOrigin(Exception):
    """A form was about to be answered with a redirect to elsewhere: our fault, never the visitor's."""


def ends_inside(view: View) -> View:
    """Let a form's redirect be a 303, and only to a path of our own.

    Raises:
        LeavesOrigin: it is not.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.has_header("Location"):
            if not is_own_path(response.headers["Location"]):
                raise LeavesOrigin(request.path)
            response.status_code = 303
        return response

    return wrapped
