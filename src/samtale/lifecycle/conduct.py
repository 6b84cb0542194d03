"""The code of conduct: the text that everybody accepts on their first visit, and again when it is another."""

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from samtale.audit.log import record
from samtale.identity.addresses import client_address
from samtale.identity.models import Person
from samtale.identity.views import OS2_ADDRESS, person_of
from samtale.lifecycle.onward import own_path

#: Of the texts in ``templates/lifecycle/conduct``: a new one whenever they ask something else of people. It
#: is kept with whoever accepts it, and who accepted another is asked at their next sign-in.
VERSION = "2026-11"


def is_accepted_by(person: Person) -> bool:
    """Whether it is this text that the person accepted."""
    return person.accepted_conduct == VERSION


@require_GET
def code_of_conduct(request: HttpRequest) -> HttpResponse:
    """»Retningslinjer«, for everybody to read, signed in or not."""
    return render(request, "lifecycle/code_of_conduct.html", _text())


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def new_code_of_conduct(request: HttpRequest) -> HttpResponse:
    """For whoever accepted another text: the new one to read and accept, and on to where they were going."""
    person = person_of(request)
    onward = own_path(request.GET.get(REDIRECT_FIELD_NAME, "")) or settings.LOGIN_REDIRECT_URL
    accepts = request.POST.get("conduct") == "yes"
    if accepts and person.welcomed_at is not None and not is_accepted_by(person):
        person.accepted_conduct = VERSION
        person.save(update_fields=["accepted_conduct"])
        record(
            "person.accepted_conduct", by=person, on=person, address=client_address(request), conduct=VERSION
        )
    if person.welcomed_at is None or is_accepted_by(person):
        return HttpResponseRedirect(onward)
    is_answer = request.method == "POST"
    context = {**_text(), "is_missing": is_answer}
    return render(request, "lifecycle/new_code_of_conduct.html", context, status=400 if is_answer else 200)


def _text() -> dict[str, str]:
    text = f"lifecycle/conduct/{'en' if get_language() == 'en' else 'da'}.html"
    return {"text": text, "version": VERSION, "address": OS2_ADDRESS}
