"""Sign-in and the ways to sign in, under ``/adgang/``. There is no path to sign up: people are invited."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from samtale.identity import views
from samtale.identity.own_paths import View, ends_inside

_account_page: View = RedirectView.as_view(pattern_name="account")

_pages: list[tuple[str, View, str]] = [
    ("", _account_page, "adgang"),
    ("log-ind/", account.login, "account_login"),
    ("log-ind/adgangsnoegle/", webauthn.login_webauthn, "mfa_login_webauthn"),
    ("log-ind/kode/", mfa.authenticate, "mfa_authenticate"),
    ("log-ud/", account.logout, "account_logout"),
    ("logget-ud/", views.signed_out, "signed_out"),
    ("ikke-med-endnu/", views.refused, "refused"),
    ("glemt-adgangskode/", account.password_reset, "account_reset_password"),
    ("glemt-adgangskode/sendt/", account.password_reset_done, "account_reset_password_done"),
    (
        "glemt-adgangskode/faerdig/",
        account.password_reset_from_key_done,
        "account_reset_password_from_key_done",
    ),
    ("bekraeft/", account.reauthenticate, "account_reauthenticate"),
    ("bekraeft/kode/", mfa.reauthenticate, "mfa_reauthenticate"),
    ("bekraeft/adgangsnoegle/", webauthn.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    ("adgangskode/", account.password_change, "account_change_password"),
    ("adgangskode/ny/", account.password_set, "account_set_password"),
    ("to-trin/", _account_page, "mfa_index"),
    ("to-trin/saet-op/", views.second_factor_setup, "second_factor_setup"),
    ("to-trin/app/", totp.activate_totp, "mfa_activate_totp"),
    ("to-trin/app/fjern/", totp.deactivate_totp, "mfa_deactivate_totp"),
    ("to-trin/noedkoder/", views.RecoveryCodesView.as_view(), "mfa_view_recovery_codes"),
    ("to-trin/noedkoder/nye/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    ("adgangsnoegler/", _account_page, "mfa_list_webauthn"),
    ("adgangsnoegler/ny/", webauthn.add_webauthn, "mfa_add_webauthn"),
    ("adgangsnoegler/<int:pk>/navn/", webauthn.edit_webauthn, "mfa_edit_webauthn"),
    ("adgangsnoegler/<int:pk>/fjern/", views.RemovePasskeyView.as_view(), "mfa_remove_webauthn"),
    ("sessioner/luk-andre/", views.end_other_sessions, "end_other_sessions"),
]

urlpatterns: list[URLPattern] = [path(route, ends_inside(view), name=name) for route, view, name in _pages]
urlpatterns.append(
    re_path(
        r"^glemt-adgangskode/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        ends_inside(account.password_reset_from_key),
        name="account_reset_password_from_key",
    )
)
