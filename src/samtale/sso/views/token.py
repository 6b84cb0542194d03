"""The token and revocation endpoints (OpenID Connect Core 1.0, section 3.1.3; RFC 7009)."""

from collections.abc import Callable

from allauth.idp.oidc.internal.oauthlib.utils import convert_response, extract_params, respond_json_error
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from oauthlib.oauth2.rfc6749 import errors

from samtale.identity.rates import limited
from samtale.sso import rates
from samtale.sso.server import ServiceServer

Endpoint = Callable[..., tuple[dict[str, str], str, int]]


@csrf_exempt
@require_POST
@limited(rates.TOKEN)
def token(request: HttpRequest) -> HttpResponse:
    """A code or a refresh token for new tokens."""
    return _answered(request, ServiceServer().create_token_response)


@csrf_exempt
@require_POST
@limited(rates.TOKEN)
def revoke(request: HttpRequest) -> HttpResponse:
    """A token is taken back. 200 for an unknown one too: what was wanted is so."""
    return _answered(request, ServiceServer().create_revocation_response)


def _answered(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    try:
        # A refusal is an answer and no fault, so that what it revoked stays revoked.
        with transaction.atomic():
            response: HttpResponse = convert_response(*endpoint(*extract_params(request)))
    except errors.OAuth2Error as error:
        response = respond_json_error(request, error)
    except ValueError:
        # oauthlib's word for a query that it cannot read.
        response = respond_json_error(request, errors.InvalidRequestError(description="Unreadable query."))
    response.headers["Cache-Control"] = "no-store"
    return response
