"""Signing out at the provider as well (OpenID Connect RP-Initiated Logout 1.0)."""

from urllib.parse import urljoin

from django.urls import reverse

from samtale.oidc import conf, discovery, http


def address_of_return() -> str:
    """Where a provider sends the browser back to: to be named there, exactly so."""
    return urljoin(conf.current().base_url, reverse("signed_out"))


def address(slug: str) -> str | None:
    """Where the browser ends the provider's session; None when the provider has no such place.

    Without `id_token_hint`: it would have to be kept for as long as the session, with all that it says about
    the person. A provider that wants to be sure asks them.

    Raises:
        http.Unreachable: the provider does not say where its pages are.
    """
    settings = conf.provider(slug)
    endpoint = discovery.provider(settings.issuer).end_session_endpoint
    if endpoint is None:
        return None
    query = {"client_id": settings.client_id, "post_logout_redirect_uri": address_of_return()}
    return http.with_query(endpoint, query)
