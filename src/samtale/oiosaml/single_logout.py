"""Logging out, whoever begins with it (SAML Profiles 2.0, section 4.4)."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from samtale.oiosaml import (
    conf,
    keys,
    known_metadata,
    logout,
    messages,
    pending,
    redirect,
    sessions,
)
from samtale.oiosaml.logout import Address
from samtale.oiosaml.models import ProviderSession
from samtale.oiosaml.provider_metadata import Metadata
from samtale.oiosaml.redirect import Message
from samtale.oiosaml.refusal import Refused
from samtale.oiosaml.sign_in import address_of


def begin(session_key: str) -> str | None:
    """Where to send a browser whose session ends now, so that it ends at the provider as well: an own path.

    Returns:
        None when no provider began the session, or the provider has no logout or cannot be asked now.
    """
    session = ProviderSession.objects.filter(session_key=session_key).first()
    if session is None:
        return None
    session.delete()
    try:
        metadata = known_metadata.current(session.provider)
    except (known_metadata.Unknown, Refused):
        return None
    if metadata.slo_url is None:
        return None
    subject = {
        "name_id": session.name_id,
        "name_id_format": session.name_id_format,
        "session_index": session.session_index,
    }
    relay_state = pending.new_logout(provider=session.provider, message_id=messages.new_id(), subject=subject)
    return reverse("oiosaml:leaving", args=[relay_state])


def request_for(relay_state: str) -> str:
    """The address at the provider, with our signed request. Raises :class:`Refused`."""
    held = pending.logout(relay_state)
    metadata = known_metadata.current(held.provider)
    if metadata.slo_url is None:
        raise Refused(logout.STEP, "the provider has no logout any more")
    message = messages.logout_request(
        message_id=held.message_id,
        now=timezone.now(),
        entity_id=conf.current().entity_id,
        destination=metadata.slo_url,
        **(held.content or {}),
    )
    return redirect.address(metadata.slo_url, "SAMLRequest", message, relay_state, keys.signing()[0].private)


def received(request: HttpRequest, query: str) -> str:
    """Act on a provider's message. ``query``: the raw query string.

    Returns:
        Where the browser goes now: back to the provider with our answer, or to the page of who is logged out.

    Raises:
        Refused: the message is not the provider's, or not for us; nothing has changed.
    """
    slug, metadata = _sender(query)
    message = redirect.verified(query, metadata.pems, known_metadata.settings_of(slug).allowed)
    address = Address(metadata.entity_id, address_of("slo"), timezone.now())
    if message.kind == "SAMLResponse":
        return _answered(message, address)
    wanted = logout.request_of(message, address)
    sessions.end(request, slug, wanted.name_id, wanted.session_indexes)
    return _answer(metadata, wanted.id, message.relay_state)


def _sender(query: str) -> tuple[str, Metadata]:
    """Whose keys must have signed it. The name is only a claim until one of them fits."""
    found = known_metadata.by_entity_id(redirect.claimed_issuer(query))
    if found is None:
        raise Refused(logout.STEP, "it is from an unknown issuer")
    return found


def _answered(message: Message, address: Address) -> str:
    held = pending.logout(message.relay_state or "")
    logout.succeeded(message, address, held.message_id)
    held.delete()
    return conf.current().logged_out_url


def _answer(metadata: Metadata, request_id: str, relay_state: str | None) -> str:
    destination = metadata.slo_response_url
    if destination is None:
        raise Refused(logout.STEP, "the provider has no address for the answer")
    answer = messages.logout_response(
        message_id=messages.new_id(),
        now=timezone.now(),
        entity_id=conf.current().entity_id,
        destination=destination,
        in_response_to=request_id,
    )
    return redirect.address(destination, "SAMLResponse", answer, relay_state, keys.signing()[0].private)
