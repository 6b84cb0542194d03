"""What the worker does for identity.

Mails are its work too: a slow mail server holds up nobody, and takes the same time for everybody.
"""

from datetime import UTC, datetime
from urllib.parse import quote

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.cache import caches
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from samtale.identity import actions
from samtale.identity.access import refusal
from samtale.identity.models import Person
from samtale.identity.shared_cache import SharedCache

RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)


class MailNotSent(Exception):
    """The mail server did not take a mail. What it answered is not in the text: it repeats addresses."""


@app.task(name="identity.send_mail", retry=RETRY)
def send_mail(*, address: str, subject: str, text: str) -> None:
    """Send a mail whose text is ready; it holds no secret, since the job's arguments are kept."""
    send_now(address, subject, text)


def write_to(person: Person, subject: str, text: str) -> None:
    """Mail somebody, soon. Who has no address gets none."""
    if person.email:
        send_mail.defer(address=person.email, subject=subject, text=text)


def tell_of_change(person: Person, said: str | Promise, *, address: str | None) -> None:
    """Mail somebody that a way to sign in to their account changed.

    Args:
        said: the change in a sentence, to be translated when it is written.
        address: the IP address it was made from.
    """
    with override(person.language):
        context = {
            "person": person,
            "said": str(said),
            "at": timezone.now(),
            "address": address,
            "account_url": settings.CONFIG.public_url + reverse("account"),
        }
        text = render_to_string("portal/mail/changed.txt", context)
        write_to(person, f"OS2samtale: {said}", text)


def send_now(address: str, subject: str, text: str) -> None:
    """For a job whose mail holds a secret, which must not be among a job's arguments. Raises MailNotSent."""
    _send(EmailMessage(subject=subject, body=text, to=[address]))


def _send(mail: EmailMessage) -> None:
    """Let a mail server's refusal be logged without whom it was for.

    Raises:
        MailNotSent: names the kind of error, and the server's code when it gave one.
    """
    try:
        mail.send()
    except OSError as error:  # smtplib's errors are such too
        code = getattr(error, "smtp_code", None) or error.errno or ""
        raise MailNotSent(f"{type(error).__name__} {code}".strip()) from None


@app.periodic(cron="*/5 * * * *")
@app.task(name="identity.end_expired")
def end_expired(timestamp: int) -> int:
    """Every five minutes: sign out whoever's time has run out. Returns how many."""
    return len(actions.end_expired(datetime.fromtimestamp(timestamp, tz=UTC)))


@app.periodic(cron="23 4 * * *")
@app.task(name="identity.let_rest")
def let_rest(timestamp: int) -> int:
    """Once a night: end the sessions of who has not been confirmed for long. Returns how many people."""
    return len(actions.let_rest(datetime.fromtimestamp(timestamp, tz=UTC)))


@app.periodic(cron="*/5 * * * *")
@app.task(name="identity.forget_cached")
def forget_cached(timestamp: int) -> int:  # noqa: ARG001 - what periodic jobs are called with
    """Every five minutes: delete what is over in the shared cache. Returns how many entries."""
    shared = caches["default"]
    return shared.forget_expired() if isinstance(shared, SharedCache) else 0


@app.task(name="identity.send_password_reset", retry=RETRY)
def send_password_reset(*, address: str, language: str) -> None:
    """Mail a link for a new password to whoever has the address and signs in with a password.

    The link is made here and not by the request, so that it is in the mail only.
    """
    person = Person.objects.with_email(address)
    if person is None or refusal(person) is not None or not person.has_usable_password():
        return
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    with override(language):
        context = {
            "person": person,
            "url": settings.CONFIG.public_url + path.replace("UID-KEY", quote(key)),
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        }
        subject = render_to_string("portal/mail/password_reset_subject.txt", context).strip()
        text = render_to_string("portal/mail/password_reset.txt", context)
    send_now(address, subject, text)
