"""Forms of the sign-in layer, where they differ from allauth's."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.account.internal.stagekit import get_pending_stage
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from samtale.identity import jobs


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail and password."""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response: HttpResponse = super().login(request, redirect_url)
        if not request.user.is_authenticated and get_pending_stage(request) is None:
            # Refused: nothing of the attempt is kept, not even an empty session.
            request.session.flush()
        return response


class ForgottenPasswordForm(ResetPasswordForm):  # type: ignore[misc]
    """Asks for an address and never tells whether anybody has it.

    Looking the address up and sending the mail is a job's work, so that neither the answer nor the time
    it takes differs.
    """

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        address = str(self.cleaned_data["email"])
        jobs.send_password_reset.defer(address=address, language=get_language() or "da")
        return address


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """Every key is one that can sign in alone, so there is nothing to choose."""

    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)
