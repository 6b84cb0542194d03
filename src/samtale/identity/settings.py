"""Settings of the sign-in layer (django-allauth); `samtale.portal.settings` takes them over with ``*``."""

from samtale import portal_configuration as configuration

_config = configuration.load()

__all__ = [
    "ACCOUNT_ADAPTER",
    "ACCOUNT_DEFAULT_HTTP_PROTOCOL",
    "ACCOUNT_EMAIL_NOTIFICATIONS",
    "ACCOUNT_EMAIL_SUBJECT_PREFIX",
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS",
    "ACCOUNT_EMAIL_VERIFICATION",
    "ACCOUNT_FORMS",
    "ACCOUNT_LOGIN_METHODS",
    "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE",
    "ACCOUNT_LOGOUT_REDIRECT_URL",
    "ACCOUNT_PREVENT_ENUMERATION",
    "ACCOUNT_RATE_LIMITS",
    "ACCOUNT_REAUTHENTICATION_TIMEOUT",
    "ACCOUNT_SESSION_REMEMBER",
    "ACCOUNT_SIGNUP_FIELDS",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD",
    "AUTHENTICATION_BACKENDS",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_BACKEND",
    "EMAIL_FILE_PATH",
    "EMAIL_HOST",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_HOST_USER",
    "EMAIL_PORT",
    "EMAIL_TIMEOUT",
    "EMAIL_USE_SSL",
    "EMAIL_USE_TLS",
    "LOGIN_REDIRECT_URL",
    "LOGIN_URL",
    "MFA_ADAPTER",
    "MFA_ALLOW_UNVERIFIED_EMAIL",
    "MFA_FORMS",
    "MFA_PASSKEY_LOGIN_ENABLED",
    "MFA_RATE_LIMITS",
    "MFA_RECOVERY_CODES_SHOW_ONCE",
    "MFA_SUPPORTED_TYPES",
    "MFA_TOTP_ISSUER",
    "MFA_TOTP_TOLERANCE",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
    "MFA_WEBAUTHN_USER_VERIFICATION",
    "PASSWORD_RESET_TIMEOUT",
    "USERSESSIONS_TRACK_ACTIVITY",
]

AUTHENTICATION_BACKENDS = ["samtale.identity.backend.PersonBackend"]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "samtale.identity.adapter.AccountAdapter"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _config.secure else "http"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Addresses come from an invitation or an authority; nobody types in their own.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {
    "login": "samtale.identity.forms.SignInForm",
    "reset_password": "samtale.identity.forms.ForgottenPasswordForm",
    "reset_password_from_key": "samtale.identity.forms.NewPasswordForm",
    "change_password": "samtale.identity.forms.ChangePasswordForm",
    "set_password": "samtale.identity.forms.SetPasswordForm",
    "reauthenticate": "samtale.identity.forms.PasswordAgainForm",
}
# Not asked: a sign-in lasts 12 hours for everybody, also when the browser is closed in between.
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "signed_out"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# A whole municipality can come from one address, so what counts per address is generous and what counts
# per account is not.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/15m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
PASSWORD_RESET_TIMEOUT = 3600

MFA_ADAPTER = "samtale.identity.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "samtale.identity.forms.CodeForm",
    "reauthenticate": "samtale.identity.forms.CodeAgainForm",
    "activate_totp": "samtale.identity.forms.CodeAppForm",
    "add_webauthn": "samtale.identity.forms.AddPasskeyForm",
    "login_webauthn": "samtale.identity.forms.PasskeySignInForm",
    "authenticate_webauthn": "samtale.identity.forms.PasskeyForm",
    "reauthenticate_webauthn": "samtale.identity.forms.PasskeyAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "OS2samtale"
MFA_TOTP_TOLERANCE = 1  # clocks of phones drift: one step of 30 seconds either way
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _config.secure and _config.hostname == "localhost"
# A passkey takes the place of password and second factor, so the device must ask for face, finger or PIN.
MFA_WEBAUTHN_USER_VERIFICATION = "required"

USERSESSIONS_TRACK_ACTIVITY = False

DEFAULT_FROM_EMAIL = _config.mail.sender
EMAIL_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend"
    if _config.mail.kind == "files"
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = str(_config.mail_dir)
EMAIL_HOST = _config.mail.host
EMAIL_PORT = _config.mail.port
EMAIL_HOST_USER = _config.mail.user
EMAIL_HOST_PASSWORD = _config.mail.password
EMAIL_USE_TLS = _config.mail.security == "starttls"
EMAIL_USE_SSL = _config.mail.security == "tls"
EMAIL_TIMEOUT = 10
