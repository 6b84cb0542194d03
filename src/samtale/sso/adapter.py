"""The one place where allauth's OpenID Provider is told whose it is."""

from collections.abc import Iterable
from typing import Any, Literal

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.internal.private_keys import filter_keys
from allauth.idp.oidc.models import Client, PrivateKey

from samtale.identity.models import Person
from samtale.sso import claims, keys
from samtale.sso.issuer import issuer


class ServiceAdapter(DefaultOIDCAdapter):  # type: ignore[misc]
    def get_issuer(self) -> str:
        return issuer()

    def get_user_sub(self, client: Client, user: Person) -> str:
        return claims.sub(user)

    def get_user_by_sub(self, client: Client, sub: str) -> Person | None:
        return Person.objects.select_related("organisation").filter(localpart=sub).first()

    def get_claims(
        self,
        purpose: Literal["id_token", "userinfo"],
        user: Person,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        return claims.of(user, scopes)

    def list_private_keys(
        self, *, did_activate: Literal[True] | None = None, is_active: Literal[True] | None = None
    ) -> list[PrivateKey]:
        found: list[PrivateKey] = filter_keys(
            keys.published(), did_activate=did_activate, is_active=is_active
        )
        return found
