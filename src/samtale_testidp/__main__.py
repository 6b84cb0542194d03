"""`python -m samtale_testidp`: run the provider until it is told to stop."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from samtale_testidp import keys
from samtale_testidp.answers import SHAPES, Keys
from samtale_testidp.openid.provider import Client, OpenidProvider
from samtale_testidp.provider import Provider
from samtale_testidp.server import Server
from samtale_testidp.service_provider import Published


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        own = keys.load_or_create(options.data)
        server = Server(options.port)
        openid = _openid(options, server.base_url, own)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    server.provider = Provider(
        server.base_url, own, Published(options.service_provider), how=SHAPES[options.shape], openid=openid
    )
    # shutdown() waits for serve_forever, which runs in the thread that the signal interrupts.
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: threading.Thread(target=server.shutdown).start())
    sys.stderr.write(f"the test identity provider listens at {server.base_url}\n")
    with server:
        server.serve_forever()
    return 0


def _openid(options: argparse.Namespace, base_url: str, own: Keys) -> OpenidProvider | None:
    """Its other side, when there is a client for it. Raises ValueError or OSError."""
    given = (options.client_id, options.client_secret, options.redirect_uri)
    if not any(given):
        return None
    if not all(given):
        raise ValueError("--client-id, --client-secret and --redirect-uri must be given together")
    secret = options.client_secret.read_text(encoding="utf-8").strip()
    client = Client(options.client_id, secret, tuple(options.redirect_uri), tuple(options.goodbye or ()))
    return OpenidProvider(f"{base_url}/oidc", own, client)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m samtale_testidp",
        description="An identity provider with made-up people, for trying out. Listens on 127.0.0.1 only.",
    )
    parser.add_argument("--port", type=int, required=True, help="where to listen; 0: any that is free")
    parser.add_argument(
        "--data", type=Path, required=True, help="folder for the key, made when it is missing"
    )
    parser.add_argument(
        "--service-provider", required=True, metavar="URL", help="address of the service provider's metadata"
    )
    parser.add_argument("--client-id", metavar="ID", help="who may sign people in by OpenID Connect")
    parser.add_argument("--client-secret", type=Path, metavar="FILE", help="holds that client's secret")
    parser.add_argument(
        "--redirect-uri", action="append", metavar="URL", help="where that client has people sent back to"
    )
    parser.add_argument(
        "--goodbye", action="append", metavar="URL", help="where that client has people sent who signed out"
    )
    parser.add_argument(
        "--shape",
        choices=sorted(SHAPES),
        default="ch2",
        help="encrypt as Context Handler 2 does, or as OIOSAML.Java's own identity provider (default: ch2)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
