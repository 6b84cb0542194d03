"""Paths of the Matrix authorization server, below `adgang/matrix/`."""

from django.urls import path

from samtale.matrixauth.views import account, authorize, discovery, introspect, registration, token

#: django-oauth-toolkit looks its own names up in this namespace.
app_name = "oauth2_provider"

urlpatterns = [
    path(".well-known/openid-configuration", discovery.discovery, name="oidc-connect-discovery-info"),
    path(".well-known/oauth-authorization-server", discovery.discovery, name="oauth-server-metadata"),
    path("authorize", authorize.Authorize.as_view(), name="authorize"),
    path("oauth2/token", token.Token.as_view(), name="token"),
    path("oauth2/revoke", token.Revoke.as_view(), name="revoke-token"),
    path("oauth2/registration", registration.register, name="register"),
    path("oauth2/introspect", introspect.introspect, name="introspect"),
    path("account", account.account, name="account"),
    path("account/<int:pk>/end", account.end, name="end-session"),
]
