"""The Content-Security-Policy of the portal's own pages."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


def policy(*, form_target: str = "") -> str:
    """No inline script or style, nothing from elsewhere.

    Args:
        form_target: origin or scheme (``app.example:``) that the page's form may be answered with a
            redirect to; only consent has one (Chromium checks form-action along the whole redirect chain).
    """
    static = settings.CONFIG.public_url + settings.STATIC_URL
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {static}",
            f"style-src {static}",
            f"img-src {static} data:",
            f"font-src {static}",
            "connect-src 'self'",
            f"form-action 'self' {form_target}".rstrip(),
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


class ContentSecurityPolicyMiddleware:
    """Sets the policy on every answer that has none of its own, and keeps pages out of caches."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A view whose form may be answered with a redirect outward says where to.
        own = policy(form_target=getattr(response, "form_target", ""))
        response.headers.setdefault("Content-Security-Policy", own)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response
