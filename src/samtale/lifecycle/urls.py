"""Signing in with somebody else's word, below `/adgang/`."""

from django.urls import include, path

from samtale.identity.own_paths import ends_inside
from samtale.lifecycle import conduct, join_pages, openid, views, welcome

urlpatterns = [
    path("saml/", include("samtale.oiosaml.urls")),
    path("log-ind/med/<slug:slug>/", views.sign_in, name="sign_in_with"),
    path("log-ind/myndighed/", views.authorities, name="authorities"),
    path("log-ind/retur/<slug:slug>/", openid.returned, name="oidc_return"),
    path("log-ind/proeve/<str:token>/", views.trial, name="trial"),
    path("log-ind/i-stilhed/<slug:slug>/", views.sign_in_in_silence, name="sign_in_in_silence"),
    path("log-ud/hos/<slug:slug>/", views.sign_out_at, name="sign_out_at"),
    path("bekraeft/med/<slug:slug>/", views.confirm, name="confirm_with"),
    path("tilfoej/<slug:slug>/", ends_inside(views.link), name="link"),
    path("fjern/<int:pk>/", ends_inside(views.unlink), name="unlink"),
    path("dobbelte-konti/", join_pages.find, name="two_accounts"),
    path("dobbelte-konti/saml/", ends_inside(join_pages.join), name="join_accounts"),
    path("velkommen/", ends_inside(welcome.welcome), name="welcome"),
    path("retningslinjer/", conduct.code_of_conduct, name="code_of_conduct"),
    path("retningslinjer/nye/", ends_inside(conduct.new_code_of_conduct), name="new_code_of_conduct"),
    path("samme-adresse/", ends_inside(views.same_address), name="same_address"),
    path("hent-konto/", views.claim_sent, name="claim_sent"),
    path("hent-konto/<str:token>/", ends_inside(views.claim), name="claim"),
]
