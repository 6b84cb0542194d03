"""The client's API, as in docs/en/architecture.md."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from samtale.matrixauth.views.sign_out import sign_out
from samtale.portal.api import communities, me, people


class SlugInPath(StringConverter):
    """As in links: lower case, digits, single hyphens. Anything else is no path of ours."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


register_converter(SlugInPath, "samtale_slug")

urlpatterns = [
    path("me", me.me),
    path("communities", communities.communities),
    path("communities/<samtale_slug:slug>/join", communities.join),
    path("communities/<samtale_slug:slug>/leave", communities.leave),
    path("channels/<samtale_slug:community>/<samtale_slug:channel>/open", communities.open_channel),
    path("people", people.people),
    path("sign-out", sign_out),
]
