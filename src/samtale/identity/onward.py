"""No form of the portal is answered with a redirect that can leave the origin.

Browsers check ``form-action`` along the whole chain of redirects that a form starts, and the way to another
service leads over ``authorize``, which redirects out. So a form ends on a page of our own, and the step
outward is a fresh navigation from there.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

View = Callable[..., HttpResponseBase]

#: Paths that answer with redirects to other origins.
LEADS_OUT = ("/adgang/matrix/", "/adgang/oidc/")


def is_own_path(url: str) -> bool:
    """Whether ``url`` is a path on this origin: no host, no scheme, none of the ways browsers read one in."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def ends_inside(view: View) -> View:
    """Let a form's redirect be a 303 to a page of our own."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.has_header("Location"):
            response.status_code = 303
            target = response.headers["Location"]
            if target.startswith(LEADS_OUT):
                response.headers["Location"] = f"{reverse('onward')}?{urlencode({'til': target})}"
        return response

    return wrapped


@require_GET
def onward(request: HttpRequest) -> HttpResponse:
    """The page between a form and the way out; goes on by itself, without a script."""
    target = request.GET.get("til", "")
    if not is_own_path(target):
        raise Http404
    response = render(request, "portal/onward.html", {"target": target})
    response.headers["Refresh"] = f"0; url={target}"
    return response
