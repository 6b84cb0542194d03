"""A mail that cannot be sent leaves neither its text nor its address in a log."""

import asyncio
import io
import logging
import logging.config
import smtplib
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from procrastinate import App
from procrastinate.testing import InMemoryConnector

from samtale.identity import jobs


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the settings' own handler writes."""
    written = io.StringIO()
    handler = {**settings.LOGGING["handlers"]["stderr"], "stream": written}
    logging.config.dictConfig({**settings.LOGGING, "handlers": {"stderr": handler}})
    yield written
    logging.config.dictConfig(settings.LOGGING)


@pytest.mark.parametrize(
    "refusal",
    [
        smtplib.SMTPRecipientsRefused({"anna.jensen@aarhus.dk": (550, b"anna.jensen@aarhus.dk unknown")}),
        smtplib.SMTPDataError(554, b"no mail for anna.jensen@aarhus.dk"),
        ConnectionRefusedError(111, "Connection refused"),
    ],
)
def test_a_mail_that_fails_for_good_is_logged_without_what_is_in_it(
    monkeypatch: pytest.MonkeyPatch, log: io.StringIO, refusal: OSError
) -> None:
    def refuse(self: EmailMessage) -> int:
        raise refusal

    monkeypatch.setattr(EmailMessage, "send", refuse)
    worker = App(connector=InMemoryConnector())
    task = worker.task(name="identity.send_mail")(jobs.send_mail.func)

    async def work() -> None:
        async with worker.open_async():
            await task.defer_async(
                address="anna.jensen@aarhus.dk", subject="Log ind igen (nu)", text="Hej Anna (Jensen)"
            )
            await worker.run_worker_async(wait=False, install_signal_handlers=False)

    asyncio.run(work())
    said = log.getvalue()
    assert "identity.send_mail[1] ended with status: Error" in said
    assert type(refusal).__name__ in said
    assert "anna" not in said.lower()
    assert "Log ind igen" not in said
