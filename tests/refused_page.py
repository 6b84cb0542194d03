"""What a refused answer must lead to: a page with a number that the log has too, and nothing else."""

import re

from django.http import HttpResponse
from django.test import Client
from federation import SLUG

from samtale.audit.models import Entry
from samtale.oiosaml.models import ProviderSession

_NUMBER = re.compile(r"<b>([0-9A-F]{4}-[0-9A-F]{4})</b>")


def is_refused(client: Client, answer: HttpResponse, *, step: str | None, provider: str = SLUG) -> None:
    """``step``: which check must have said no; None: whichever."""
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Du blev ikke logget ind" in page
    number = _NUMBER.search(page)
    assert number is not None
    entry = Entry.objects.get()
    assert (entry.act, entry.subject) == ("sign_in.answer_refused", provider)
    assert entry.detail["reference"] == number[1]
    assert step in (None, entry.detail["step"])
    assert entry.detail["reason"] not in page
    assert "_auth_user_id" not in client.session
    assert not ProviderSession.objects.exists()
