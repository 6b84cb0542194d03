"""HTTP on 127.0.0.1."""

import re
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from samtale_testidp import views
from samtale_testidp.exchange import Reply, Request
from samtale_testidp.provider import Provider

HOST = "127.0.0.1"
_LARGEST_FORM = 64 * 1024


class Server(ThreadingHTTPServer):
    """Takes requests to one provider; `serve_forever` runs it. Port 0: any that is free."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.provider: Provider | None = None

    @property
    def base_url(self) -> str:
        """Scheme, host and port."""
        return f"http://{HOST}:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version = "samtale-testidp"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 30
    # Head and body are two packets, and the second would wait for the first one to be acknowledged.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if re.fullmatch("[0-9]{1,6}", length) is None or int(length) > _LARGEST_FORM:
            self.close_connection = True
            self.send_error(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the form must have a length, at most 64 KiB"
            )
            return
        try:
            content = self.rfile.read(int(length)).decode()
        except UnicodeDecodeError:
            self.send_error(HTTPStatus.BAD_REQUEST, "the form must be UTF-8")
            return
        self._answer(dict(parse_qsl(content, keep_blank_values=True)))

    def _answer(self, form: dict[str, str]) -> None:
        assert self.server.provider is not None  # noqa: S101 - set before requests are taken
        path, _, query = self.path.partition("?")
        try:
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            cookies = SimpleCookie()
        values = {name: morsel.value for name, morsel in cookies.items()}
        authorization = self.headers.get("Authorization", "")
        request = Request(self.command, path, query, form, values, authorization)
        self._write(views.reply_to(self.server.provider, request))

    def _write(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.content)))
        self.end_headers()
        self.wfile.write(reply.content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: an address holds a whole message, and the supervisor asks for our health all the time."""
