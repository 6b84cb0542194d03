"""Forms of the sign-in layer, where they differ from allauth's."""

from typing import Any

from allauth.account import forms as account
from allauth.account.internal.stagekit import get_pending_stage
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from samtale.identity import jobs, sessions

#: What the parsers of passkey answers raise when they are given something else.
MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class Labelled:
    """A field is named by its label, which the template writes; allauth's placeholders repeat it."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name == "code":
                field.widget.attrs |= {"inputmode": "text", "autocapitalize": "off", "class": "is-code"}


class SignInForm(Labelled, account.LoginForm):  # type: ignore[misc]
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""  # the link to a forgotten password stands by the label

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response: HttpResponse = super().login(request, redirect_url)
        if request.user.is_authenticated:
            sessions.limit(request)  # allauth has just let the expiry slide
        elif get_pending_stage(request) is None:
            # Refused: nothing of the attempt is kept, not even an empty session.
            request.session.flush()
        return response


class ForgottenPasswordForm(Labelled, account.ResetPasswordForm):  # type: ignore[misc]
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


class Credential:
    """A passkey's answer comes from a script, so anything may stand in it."""

    def _clean_fields(self) -> None:
        try:
            super()._clean_fields()  # type: ignore[misc]
        except MALFORMED:
            self.add_error(None, mfa_adapter().validation_error("incorrect_code"))  # type: ignore[attr-defined]

    def _clean_form(self) -> None:
        try:
            super()._clean_form()  # type: ignore[misc]
        except MALFORMED:
            self.add_error(None, mfa_adapter().validation_error("incorrect_code"))  # type: ignore[attr-defined]


class AddPasskeyForm(Credential, Labelled, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """Every key is one that can sign in alone, so there is nothing to choose."""

    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)


class PasskeySignInForm(Credential, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyForm(Credential, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyAgainForm(Credential, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(Labelled, account.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(Labelled, account.SetPasswordForm):  # type: ignore[misc]
    pass


class NewPasswordForm(Labelled, account.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class PasswordAgainForm(Labelled, account.ReauthenticateForm):  # type: ignore[misc]
    pass


class CodeForm(Labelled, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class CodeAgainForm(Labelled, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class CodeAppForm(Labelled, ActivateTOTPForm):  # type: ignore[misc]
    pass
