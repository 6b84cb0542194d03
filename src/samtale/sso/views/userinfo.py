"""The userinfo endpoint (OpenID Connect Core 1.0, section 5.3)."""

from allauth.idp.oidc.internal.oauthlib.utils import convert_response, extract_params, respond_json_error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from oauthlib.oauth2.rfc6749 import errors

from samtale.identity.rates import limited
from samtale.sso import rates
from samtale.sso.server import ServiceServer


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@limited(rates.USERINFO)
def userinfo(request: HttpRequest) -> HttpResponse:
    """The claims of the token's scopes as they are now. The token is in the header `Authorization` only."""
    try:
        response: HttpResponse = convert_response(
            *ServiceServer().create_userinfo_response(*extract_params(request))
        )
    except errors.OAuth2Error as error:
        response = respond_json_error(request, error)
    except ValueError:
        response = respond_json_error(request, errors.InvalidRequestError(description="Unreadable query."))
    response.headers["Cache-Control"] = "no-store"
    return response
