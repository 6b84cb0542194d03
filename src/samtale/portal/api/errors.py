"""What the API says when it says no: one exception for each kind of answer."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise


@dataclass(frozen=True)
class ApiError(Exception):
    """``code`` is for programs, ``message`` for the person; ``field`` names the input that is wrong."""

    status: int
    code: str
    message: Sentence
    field: str | None = None
    retry_after: int | None = None


def bad_input(field: str | None, message: Sentence) -> ApiError:
    return ApiError(400, "bad_input", message, field=field)


NOT_SIGNED_IN = ApiError(401, "not_signed_in", _("Du er ikke logget ind. Log ind igen."))
FORBIDDEN = ApiError(403, "forbidden", _("Det har du ikke adgang til."))
NOT_FOUND = ApiError(404, "not_found", _("Det findes ikke, eller du har ikke adgang til det."))
UNAVAILABLE = ApiError(
    503, "unavailable", _("Samtalerne svarer ikke lige nu. Prøv igen om lidt."), retry_after=5
)


def method_not_allowed(allowed: str) -> ApiError:
    return ApiError(405, "method_not_allowed", _("Brug %(method)s.") % {"method": allowed})


def too_many(retry_after: int) -> ApiError:
    return ApiError(
        429,
        "too_many_requests",
        _("Det gik lidt hurtigt. Vent et øjeblik, og prøv igen."),
        retry_after=retry_after,
    )
