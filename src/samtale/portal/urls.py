"""All the portal's paths. Each part of the platform holds its own."""

from django.conf import settings
from django.urls import include, path, re_path

from samtale.matrixauth.views.legacy import legacy

urlpatterns = [
    path("adgang/matrix/", include("samtale.matrixauth.urls")),
    path("adgang/oidc/", include("samtale.sso.urls")),
    path("adgang/", include("samtale.identity.urls")),
    path("adgang/", include("samtale.lifecycle.urls")),
    # Of these the proxy sends only the sign-in from before OAuth 2.0.
    re_path(r"^_matrix/", legacy),
    path("api/", include("samtale.portal.api.urls")),
    path("", include("samtale.portal.pages.urls")),
]
if settings.CONFIG.demo:
    urlpatterns.insert(0, path("adgang/", include("samtale.demo.urls")))
