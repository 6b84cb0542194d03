"""A sign-in from the first redirect to the verified answer."""

import hashlib
from datetime import datetime
from urllib.parse import urljoin

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from samtale.oiosaml import conf, keys, known_metadata, messages, pending, principal, redirect, response
from samtale.oiosaml.messages import SignInWish
from samtale.oiosaml.models import PendingRequest, UsedAssertion
from samtale.oiosaml.refusal import Refused
from samtale.oiosaml.response import Provider, Request


def address_of(view: str, *arguments: str) -> str:
    """A view's whole address, of the configured host."""
    return urljoin(conf.current().base_url, reverse(f"oiosaml:{view}", args=arguments))


def begin(slug: str, *, onward: str, wish: SignInWish | None = None) -> HttpResponseRedirect:
    """Send the browser to the provider.

    Args:
        onward: handed to the site when the person is back; never sent to the provider.

    Raises:
        known_metadata.Unknown: no such provider, or its metadata cannot be had.
        Refused: its metadata has run out.
        keys.KeyProblem: ours cannot be used.
    """
    metadata = known_metadata.current(slug)
    message_id = messages.new_id()
    ticket = pending.new_sign_in(provider=slug, message_id=message_id, onward=onward)
    message = messages.authn_request(
        message_id=message_id,
        now=timezone.now(),
        entity_id=conf.current().entity_id,
        destination=metadata.sso_url,
        acs_url=address_of("acs"),
        wish=wish or SignInWish(),
    )
    key = keys.signing()[0].private
    leaving = HttpResponseRedirect(
        redirect.address(metadata.sso_url, "SAMLRequest", message, ticket.relay_state, key)
    )
    pending.bind(leaving, ticket)
    return leaving


def answered(request: HttpRequest, saml_response: str, relay_state: str) -> PendingRequest:
    """Verify an answer and let it wait for its browser.

    Returns:
        The request that it answers.

    Raises:
        Refused: with the provider's slug in ``provider`` once that is known.
    """
    held = pending.take(request, relay_state)
    try:
        answer = _verified(saml_response, held)
    except Refused as refused:
        refused.provider, refused.onward = held.provider, held.onward
        raise
    pending.keep_answer(held, relay_state, answer)
    return held


def _verified(saml_response: str, held: PendingRequest) -> dict[str, object]:
    provider = known_metadata.settings_of(held.provider)
    metadata = known_metadata.current(held.provider)
    try:
        signed_in = response.accept(
            saml_response,
            Request(held.message_id, address_of("acs"), conf.current().entity_id, timezone.now()),
            Provider(
                entity_id=metadata.entity_id,
                certificates=metadata.pems,
                cvrs=provider.cvrs,
                allowed=provider.allowed,
                least_level=provider.least_level,
                accept_old_level=provider.accept_old_level,
                attributes=provider.attributes,
                encrypted=provider.encrypted,
            ),
            [pair.private for pair in keys.encryption()],
            lambda assertion_id, until: _remember(held.provider, assertion_id, until),
        )
    except response.NotSignedIn as nobody:
        return {"status": nobody.status}
    return principal.of(held.provider, signed_in).to_json()


def _remember(slug: str, assertion_id: str, until: datetime) -> bool:
    """False when it was there: the database decides, also between two that come at once."""
    _, is_new = UsedAssertion.objects.get_or_create(
        provider=slug,
        assertion=hashlib.sha256(assertion_id.encode()).hexdigest(),
        defaults={"until": until},
    )
    return is_new
