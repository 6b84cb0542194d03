"""All the portal's paths. Each part of the platform holds its own."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("adgang/matrix/", include("samtale.matrixauth.urls")),
    path("adgang/", include("samtale.identity.urls")),
    path("api/", include("samtale.portal.api.urls")),
    path("", include("samtale.portal.pages.urls")),
]
if settings.CONFIG.demo:
    urlpatterns.insert(0, path("adgang/", include("samtale.demo.urls")))
