"""The client's API, as in docs/en/architecture.md."""

from django.urls import path

from samtale.matrixauth.views.sign_out import sign_out
from samtale.portal.api import communities, me, people

urlpatterns = [
    path("me", me.me),
    path("communities", communities.communities),
    path("communities/<str:slug>/join", communities.join),
    path("communities/<str:slug>/leave", communities.leave),
    path("channels/<str:community>/<str:channel>/open", communities.open_channel),
    path("people", people.people),
    path("sign-out", sign_out),
]
