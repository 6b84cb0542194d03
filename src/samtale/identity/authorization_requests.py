"""What both our authorization servers demand of a request, as validators for oauthlib's code grant."""

import re
from typing import Any

from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors

#: A SHA-256 in base64url without padding (RFC 7636, section 4.2).
_S256_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


def only_s256(request: Request) -> dict[str, Any]:
    """RFC 7636, section 4.4.1. Without a method the default would be `plain`, which is refused too."""
    if request.code_challenge_method != "S256":
        raise errors.UnsupportedCodeChallengeMethodError(
            description="code_challenge_method must be S256.", request=request
        )
    if not _S256_CHALLENGE.fullmatch(request.code_challenge or ""):
        raise errors.InvalidRequestError(description="code_challenge is no SHA-256.", request=request)
    return {}


def only_known_response_modes(request: Request) -> dict[str, Any]:
    """OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1: `query` (default) or `fragment`."""
    if request.response_mode not in (None, "query", "fragment"):
        request.response_mode = "query"
        raise errors.InvalidRequestError(
            description="response_mode must be query or fragment.", request=request
        )
    return {}
