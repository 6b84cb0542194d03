"""The one place where django-allauth is extended."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samtale.audit.log import record
from samtale.identity import jobs, leaving, second_factor, secrets_at_rest, sessions, ways_in
from samtale.identity.access import refusal
from samtale.identity.addresses import client_address
from samtale.identity.models import Organisation, Person
from samtale.identity.own_paths import is_own_path

REFUSAL_SALT = "samtale.identity.refusal"

#: What the mail to the person says when a way to sign in changed, by allauth's name of the mail.
CHANGES = {
    "account/email/password_changed": _("Din adgangskode er ændret."),
    "account/email/password_reset": _("Din adgangskode er ændret med et link fra en mail."),
    "account/email/password_set": _("Din konto har fået en adgangskode."),
    "mfa/email/totp_activated": _("En kode-app er sat op på din konto."),
    "mfa/email/totp_deactivated": _("Kode-appen er fjernet fra din konto."),
    "mfa/email/webauthn_added": _("En adgangsnøgle er føjet til din konto."),
    "mfa/email/webauthn_removed": _("En adgangsnøgle er fjernet fra din konto."),
    "mfa/email/recovery_codes_generated": _("Din konto har fået nye nødkoder. De gamle virker ikke mere."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail og adgangskode passer ikke sammen. Prøv igen."),
        "incorrect_password": _("Adgangskoden er ikke rigtig. Prøv igen."),
        "enter_current_password": _("Skriv din nuværende adgangskode."),
        "incorrect_code": _("Koden er ikke rigtig. Prøv igen med den nyeste."),
        "too_many_login_attempts": _("Der har været for mange forsøg. Vent fem minutter, og prøv så igen."),
        "invalid_password_reset": _("Linket virker ikke mere. Bed om et nyt."),
        "rate_limited": _("Der har været for mange forsøg. Vent lidt, og prøv så igen."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        return bool(url) and is_own_path(str(url))

    def get_client_ip(self, request: HttpRequest) -> str:
        address = client_address(request)
        if address is None:
            raise PermissionDenied("the address the request comes from is unknown")
        return address

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse | None:
        """Turn away whoever may not come in: no session, no token, a page that says whom to ask."""
        reason = refusal(user)
        if reason is None:
            return None
        clear_login(request)
        request.session.flush()
        record("sign_in.refused", on=user, address=client_address(request), reason=reason)
        return turned_away(reason, user.organisation)

    def login(self, request: HttpRequest, user: Person) -> None:
        super().login(request, user)
        sessions.limit(request)
        user.confirmed_at = timezone.now()
        user.resting_at = None
        user.save(update_fields=["confirmed_at", "resting_at"])
        record("sign_in", by=user, on=user, address=client_address(request))

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Whoever vouched for the person hears of it, by way of the browser."""
        return leaving.first_stop(request.session.session_key)

    def get_reauthentication_methods(self, user: Person) -> list[dict[str, Any]]:
        """Besides what allauth has: the authorities that the person signs in with."""
        own: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        sources = SocialAccount.objects.filter(user_id=user.pk).values_list("provider", flat=True)
        ways = [way for way in ways_in.every() if way.slug in set(sources)]
        return [
            *(
                {"id": "federation", "url": reverse("confirm_with", args=[way.slug]), "description": way.name}
                for way in ways
            ),
            *own,
        ]

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        # Before the first visit nobody has chosen one, and the browser's is the better guess.
        if user.welcomed_at is not None and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            remember_language(response, user.language)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        product = request.session.pop("product", None)
        return reverse("product", args=[product]) if product else settings.LOGIN_REDIRECT_URL

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        # allauth counts only a renewed sign-in; the first one is as good, while it is fresh.
        return not sessions.signed_in_recently(self.request)

    def reauthenticate(self, user: Person, password: str) -> bool:
        person = self.authenticate(self.request, email=user.email, password=password)
        return person is not None and person.pk == user.pk

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Person,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        jobs.tell_of_change(user, CHANGES[template_prefix], address=client_address(self.request))


def turned_away(reason: str, organisation: Organisation | None) -> HttpResponseRedirect:
    """To the page that says kindly why somebody may not come in, and whom to ask."""
    told = signing.dumps(
        {"reason": reason, "organisation": organisation.pk if organisation else None}, salt=REFUSAL_SALT
    )
    return HttpResponseRedirect(f"{reverse('refused')}?svar={told}")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Koden er ikke rigtig. Prøv igen med den nyeste."),
        "cannot_delete_authenticator": _(
            "Din konto skal have en kode-app eller en adgangsnøgle. Sæt en anden op, før du fjerner denne."
        ),
    }

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not second_factor.is_last(authenticator)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": settings.CONFIG.hostname, "name": "OS2samtale"}

    def encrypt(self, text: str) -> str:
        return secrets_at_rest.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets_at_rest.opened(encrypted_text)


def remember_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86400,
        path="/",
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
