"""Health probes over HTTP on loopback: one request, one answer, nothing kept open."""

import asyncio
import ssl
from collections.abc import Callable

from samtale.stack.part import Probe, Unhealthy


def http_probe(
    port: int,
    path: str,
    *,
    host: str = "localhost",
    tls: bool = False,
    expect: int = 200,
    detail: Callable[[str], str] | None = None,
) -> Probe:
    """Make a probe that asks 127.0.0.1 for `path` and wants the status `expect`.

    Args:
        host: the Host header, and with `tls` the server name.
        tls: the certificate is not checked: it is our own process on loopback.
        detail: makes the short text for the status from the answer's body.
    """

    async def probe() -> str:
        try:
            async with asyncio.timeout(5):
                status, body = await _get(port, path, host, tls=tls)
        except (OSError, TimeoutError, ValueError) as error:
            raise Unhealthy(f"port {port}: {error or 'no answer in 5 seconds'}") from error
        if status != expect:
            raise Unhealthy(f"port {port}: {path} answered {status}")
        return detail(body) if detail else ""

    return probe


async def _get(port: int, path: str, host: str, *, tls: bool) -> tuple[int, str]:
    context: ssl.SSLContext | None = None
    if tls:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=context, server_hostname=host if tls else None
    )
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: {host}\r\nUser-Agent: samtale-probe\r\n\r\n".encode())
        answer = await reader.read()
    finally:
        writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    status_line = head.split(b"\r\n", 1)[0].split()
    if len(status_line) < 2:
        raise ValueError("no HTTP answer")
    return int(status_line[1]), body.decode("utf-8", "replace")
