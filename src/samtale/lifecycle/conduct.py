"""The code of conduct: the text that everybody accepts on their first visit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from samtale.identity.views import OS2_ADDRESS

#: Of the texts in ``templates/lifecycle/conduct``: a new one whenever they ask something else of people. It
#: is kept with whoever accepts it.
VERSION = "2026-11"


@require_GET
def code_of_conduct(request: HttpRequest) -> HttpResponse:
    """»Retningslinjer«, for everybody to read, signed in or not."""
    text = f"lifecycle/conduct/{'en' if get_language() == 'en' else 'da'}.html"
    context = {"text": text, "version": VERSION, "address": OS2_ADDRESS}
    return render(request, "lifecycle/code_of_conduct.html", context)
