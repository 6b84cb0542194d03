"""The client's API, as in docs/en/architecture.md."""

from django.urls import path

from samtale.portal.api import me

urlpatterns = [
    path("me", me.me),
]
