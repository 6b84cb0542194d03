"""`/adgang/demo`: the people, a way in as each of them, the mails, what to try."""

from typing import Any

from allauth.account.utils import perform_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from samtale.demo import links, mails
from samtale.demo.material import Cast, material
from samtale.demo.models import Load
from samtale.identity.models import Person


@never_cache
@require_GET
def demo(request: HttpRequest) -> HttpResponse:
    cast = {person.email: person for person in material().people}
    people = [
        {"person": person, "cast": cast[str(person.email)]}
        for person in Person.objects.filter(is_demo=True, email__in=cast).select_related("organisation")
    ]
    order = list(cast)
    people.sort(key=lambda entry: order.index(_email(entry)))
    return render(
        request,
        "demo/demo.html",
        {
            "people": people,
            "mails": mails.newest(settings.CONFIG.mail_dir),
            "mail_dir": settings.CONFIG.mail_dir,
            "start_over": settings.CONFIG.start_over,
            "load": Load.objects.filter(pk=1, all_done_at=None).first(),
        },
    )


@never_cache
@require_GET
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a link, once. A browser that only looks ahead does not use it up."""
    if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        return HttpResponse(status=503)
    person = links.take(token, now=timezone.now())
    if person is None:
        return render(request, "demo/link_used.html", status=410)
    return _signed_in(request, person)


@require_POST
def sign_in_as(request: HttpRequest, pk: int) -> HttpResponse:
    """The button beside a person."""
    return _signed_in(request, get_object_or_404(Person, pk=pk, is_demo=True))


def _signed_in(request: HttpRequest, person: Person) -> HttpResponse:
    """Through the same gate as everybody: whose organisation has not joined gets no further."""
    response: HttpResponse = perform_login(request, person, redirect_url="/")
    response.status_code = 303
    return response


def _email(entry: dict[str, Any]) -> str:
    cast: Cast = entry["cast"]
    return cast.email
