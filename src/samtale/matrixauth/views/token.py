"""The token and revocation endpoints (RFC 6749, section 3.2; RFC 7009)."""

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views.mixins import OAuthLibMixin

from samtale.identity.rates import limited
from samtale.matrixauth import rates


def _busy(_: HttpRequest) -> HttpResponse:
    """No OAuth error, and no 4xx: clients take either at a refresh for the end of the sign-in.

    Client-Server API, "Refresh token grant": only RFC 6749's errors (section 5.2) sign out.
    """
    return HttpResponse("Too many requests; see Retry-After.\n", status=503, content_type="text/plain")


_limited = limited(rates.TOKEN, answer=_busy)


@method_decorator([csrf_exempt, _limited], name="dispatch")
class Token(OAuthLibMixin, View):  # type: ignore[misc]
    """A code or a refresh token for a pair of tokens. 503 while Synapse is away; the code stays valid."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        _, headers, body, status = self.create_token_response(request)
        return _answer(body, status, headers)


@method_decorator([csrf_exempt, _limited], name="dispatch")
class Revoke(OAuthLibMixin, View):  # type: ignore[misc]
    """Signs the device out. 200 for an unknown token too: what was wanted is so."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        _, headers, body, status = self.create_revocation_response(request)
        return _answer(body or "{}", status, headers)


def _answer(body: str, status: int, headers: dict[str, str]) -> HttpResponse:
    headers = {**headers, "Content-Type": "application/json", "Cache-Control": "no-store"}
    return HttpResponse(body, status=status, headers=headers)
