"""What holds for every call of the client's API, in one decorator.

Only a bearer token of our own client with the API's scope counts: never the portal's cookie. Answers are
shapes and are never cached.
"""

import dataclasses
import functools
import json
import time
from collections.abc import Callable
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from samtale.homeserver.sender import HomeserverError
from samtale.identity.addresses import client_address
from samtale.identity.models import Person
from samtale.matrixauth import bearer
from samtale.portal.api import errors, inputs, shapes
from samtale.portal.api.rate import Rate, seconds_to_wait

SCOPE = "urn:dk:os2:samtale:api"
View = Callable[..., Any]


@dataclasses.dataclass(frozen=True)
class Caller:
    """Who asks, and from where."""

    person: Person
    address: str | None


def endpoint(method: Literal["GET", "POST"], rate: Rate) -> Callable[[View], Callable[..., HttpResponse]]:
    """Turn ``view(request, caller, …) -> shape`` into a Django view.

    Cases, in order: another method 405; no, an unknown, expired or foreign token, or one of
    somebody who may not take part 401; a token without the scope 403; too many calls 429; text that cannot
    be text 400; then the view.
    """

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt  # no cookie counts here, so there is nothing to forge
        @functools.wraps(view)
        def answer(request: HttpRequest, **arguments: str) -> HttpResponse:
            try:
                if request.method != method:
                    raise errors.method_not_allowed(method)
                caller = _caller(request)
                with translation.override(caller.person.language):
                    try:
                        wait = seconds_to_wait(view.__name__, str(caller.person.pk), rate, now=time.time())
                        if wait:
                            raise errors.too_many(wait)
                        inputs.check(request, arguments)
                        return _json(view(request, caller, **arguments), 200)
                    except errors.ApiError as error:
                        return _failure(error)
                    except HomeserverError:
                        return _failure(errors.UNAVAILABLE)
            except errors.ApiError as error:
                return _failure(error)

        return answer

    return decorate


def _caller(request: HttpRequest) -> Caller:
    signed = bearer.authenticate(request)
    if signed is None:
        raise errors.NOT_SIGNED_IN
    if SCOPE not in signed.scopes:
        raise errors.FORBIDDEN
    return Caller(person=signed.person, address=client_address(request))


def _failure(error: errors.ApiError) -> HttpResponse:
    response = _json(shapes.Failure(error.code, str(error.message), error.field), error.status)
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response


def _json(shape: Any, status: int) -> HttpResponse:
    response = HttpResponse(
        json.dumps(dataclasses.asdict(shape), ensure_ascii=False),
        status=status,
        content_type="application/json",
    )
    response["Cache-Control"] = "no-store"
    response["Vary"] = "Authorization"
    return response
