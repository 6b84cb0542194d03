"""Paths of the OpenID Provider, below `adgang/oidc/`."""

from allauth.idp.oidc.views import jwks
from django.urls import path

from samtale.sso.views import authorize, discovery, logout, services, token, userinfo

app_name = "sso"

urlpatterns = [
    path(".well-known/openid-configuration", discovery.discovery, name="discovery"),
    path("jwks", jwks, name="jwks"),
    path("authorize", authorize.authorize, name="authorize"),
    path("authorize/consent", authorize.consent, name="consent"),
    path("token", token.token, name="token"),
    path("revoke", token.revoke, name="revoke"),
    path("userinfo", userinfo.userinfo, name="userinfo"),
    path("logout", logout.logout, name="logout"),
    path("logout/confirm", logout.confirm, name="logout_confirm"),
    path("tjenester/", services.services, name="services"),
    path("tjenester/<slug:client_id>/fjern/", services.withdraw, name="withdraw"),
]
