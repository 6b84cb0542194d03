"""Browser clients on other origins call the endpoints that use no cookie."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from samtale.matrixauth.issuer import PATH

Handler = Callable[[HttpRequest], HttpResponse]


class MatrixCorsMiddleware:
    """`Access-Control-Allow-Origin: *` where nothing depends on who the browser is signed in as.

    Client-Server API, "Web Browser Clients". The authorize and account pages are not among them.
    """

    OPEN = (f"{PATH}.well-known/", f"{PATH}oauth2/", "/_matrix/")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(self.OPEN):
            return self.get_response(request)
        response = HttpResponse(status=204) if request.method == "OPTIONS" else self.get_response(request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Accept, X-Requested-With"
        response["Access-Control-Max-Age"] = "3600"
        return response
