"""From a page that an app or a service sent somebody to, by way of another page of the portal, and back."""

from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url


def by_way_of(
    page: str, request: HttpRequest, *, done: str = "", without: tuple[str, ...] = ()
) -> HttpResponse:
    """To a page of the portal that comes back here.

    Args:
        page: its name, or its path.
        done: the value of `prompt` that is satisfied by going there.
        without: parameters that are.
    """
    back = here_again(request, done=done, without=without)
    address = f"{resolve_url(page)}?{urlencode({REDIRECT_FIELD_NAME: back})}"
    return HttpResponseRedirect(address, status=303 if request.method == "POST" else 302)


def here_again(request: HttpRequest, *, done: str, without: tuple[str, ...] = ()) -> str:
    """The path of this request, with one value of `prompt` done, and without some parameters."""
    query = request.GET.copy()
    if done:
        rest = [value for value in query.get("prompt", "").split() if value != done]
        query["prompt"] = " ".join(rest)
        if not rest:
            del query["prompt"]
    for name in without:
        query.pop(name, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path
