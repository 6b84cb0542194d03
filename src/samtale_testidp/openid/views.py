"""What each address does."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from samtale_testidp import pages, people
from samtale_testidp.exchange import Reply, Request, see_other
from samtale_testidp.openid import evil, tokens
from samtale_testidp.openid.provider import Grant, OpenidProvider, Session
from samtale_testidp.rejected import Rejected

COOKIE = "samtale_testidp_openid"


@dataclass(frozen=True)
class Asked:
    """An authentication request that is in order (Core 1.0, section 3.1.2.1)."""

    redirect_uri: str
    state: str | None
    nonce: str | None
    challenge: str
    prompt: str
    fresh: bool

    @property
    def host(self) -> str:
        return urlsplit(self.redirect_uri).hostname or ""


def discovery(provider: OpenidProvider, _request: Request) -> Reply:
    """OpenID Connect Discovery 1.0, section 3."""
    base = provider.issuer
    return _json(
        {
            "issuer": base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/jwks",
            "end_session_endpoint": f"{base}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "profile", "email"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "authorization_response_iss_parameter_supported": True,
        }
    )


def jwks(provider: OpenidProvider, _request: Request) -> Reply:
    return _json({"keys": [tokens.public(provider.keys)]})


def ask(provider: OpenidProvider, request: Request) -> Reply:
    """Answered at once, or with the question who one is."""
    asked = _asked(provider, request.query)
    session = provider.session(request.cookies.get(COOKIE, ""))
    if session is not None and not asked.fresh:
        return _back(provider, asked, session)
    if asked.prompt == "none":
        return _nobody(provider, asked, "login_required")
    return pages.page("openid_choose", request, employees=people.OFFICIALS, service=asked)


def choose(provider: OpenidProvider, request: Request) -> Reply:
    """Who one is, that one would rather not say, or an attack."""
    asked = _asked(provider, request.query)
    if "cancel" in request.form:
        return _nobody(provider, asked, "access_denied")
    if "attack" in request.form:
        attack = evil.find(request.form["attack"])
        if attack is None:
            raise Rejected("attack must be one of those on the page")
        if attack.needs_earlier and provider.earlier is None:
            raise Rejected("somebody must sign in first, so that there is a code to use again")
        return _back(provider, asked, Session(people.ANNA), attack)
    employee = people.find(request.form.get("person", ""))
    if employee is None:
        raise Rejected("person must be one of those on the page")
    session = Session(employee)
    cookie = f"{COOKIE}={provider.keep(session)}; HttpOnly; SameSite=Lax; Path=/"
    return _back(provider, asked, session).but(("Set-Cookie", cookie))


def attacks(provider: OpenidProvider, request: Request) -> Reply:
    """Answers that must be refused, to be sent instead of a right one."""
    _asked(provider, request.query)
    return pages.page(
        "openid_attacks", request, attacks=evil.ATTACKS, has_earlier=provider.earlier is not None
    )


def token(provider: OpenidProvider, request: Request) -> Reply:
    """The ID token for a code (Core 1.0, section 3.1.3)."""
    form = request.form
    if not _is_client(provider, request):
        return _json({"error": "invalid_client"}, HTTPStatus.UNAUTHORIZED)
    if form.get("grant_type") != "authorization_code":
        return _json({"error": "unsupported_grant_type"}, HTTPStatus.BAD_REQUEST)
    grant = provider.take(form.get("code", ""))
    verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    if (
        grant is None
        or form.get("redirect_uri") != grant.redirect_uri
        or not hmac.compare_digest(tokens.encoded(verifier), grant.challenge)
    ):
        return _json({"error": "invalid_grant"}, HTTPStatus.BAD_REQUEST)
    made = grant.token(tokens.claims(provider, grant))
    return _json({"access_token": "of-no-use", "token_type": "Bearer", "expires_in": 60, "id_token": made})


def end_session(provider: OpenidProvider, request: Request) -> Reply:
    """Signed out here, and back to the client (RP-Initiated Logout 1.0)."""
    said = dict(parse_qsl(request.query, keep_blank_values=True))
    back = said.get("post_logout_redirect_uri", "")
    if said.get("client_id") != provider.client.id or back not in provider.client.goodbyes:
        raise Rejected("client_id and post_logout_redirect_uri must be those of the known client")
    provider.end(request.cookies.get(COOKIE, ""))
    state = f"?{urlencode({'state': said['state']})}" if "state" in said else ""
    return see_other(f"{back}{state}").but(("Set-Cookie", f"{COOKIE}=; Max-Age=0; Path=/"))


def _asked(provider: OpenidProvider, query: str) -> Asked:
    said = dict(parse_qsl(query, keep_blank_values=True))
    redirect_uri = said.get("redirect_uri", "")
    if said.get("client_id") != provider.client.id or redirect_uri not in provider.client.redirect_uris:
        raise Rejected("client_id and redirect_uri must be those of the client that is known here")
    if said.get("response_type") != "code" or "openid" not in said.get("scope", "").split():
        raise Rejected("response_type must be code, and scope must hold openid")
    if said.get("code_challenge_method") != "S256" or not said.get("code_challenge"):
        raise Rejected("code_challenge must be there, by S256")
    prompt = said.get("prompt", "")
    return Asked(
        redirect_uri=redirect_uri,
        state=said.get("state"),
        nonce=said.get("nonce"),
        challenge=said["code_challenge"],
        prompt=prompt,
        fresh=prompt == "login" or said.get("max_age") == "0",
    )


def _back(
    provider: OpenidProvider, asked: Asked, session: Session, attack: evil.Attack | None = None
) -> Reply:
    attack = attack or evil.Attack("right", "", "")
    grant = Grant(
        session=session,
        redirect_uri=asked.redirect_uri,
        nonce=asked.nonce,
        challenge=asked.challenge,
        token=lambda said: attack.token(said, provider.keys),
    )
    query: evil.Query = {"state": asked.state, "iss": provider.issuer, "code": provider.give(grant)}
    return see_other(f"{asked.redirect_uri}?{urlencode(attack.query(query, provider.earlier or ''))}")


def _nobody(provider: OpenidProvider, asked: Asked, error: str) -> Reply:
    query = {"error": error, "iss": provider.issuer}
    if asked.state is not None:
        query["state"] = asked.state
    return see_other(f"{asked.redirect_uri}?{urlencode(query)}")


def _is_client(provider: OpenidProvider, request: Request) -> bool:
    """By header or form (RFC 6749, section 2.3.1)."""
    client, secret = request.form.get("client_id", ""), request.form.get("client_secret", "")
    if request.authorization.startswith("Basic "):
        try:
            decoded = base64.b64decode(request.authorization.removeprefix("Basic ")).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        client, secret = (unquote(part) for part in decoded.partition(":")[::2])
    known = provider.client
    return client == known.id and hmac.compare_digest(secret.encode(), known.secret.encode())


def _json(content: Mapping[str, Any], status: int = HTTPStatus.OK) -> Reply:
    return Reply(
        json.dumps(content).encode(),
        "application/json",
        status,
        (("Cache-Control", "no-store"),),
    )
