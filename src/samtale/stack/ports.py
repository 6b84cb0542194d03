"""Whether the ports are free, and who holds one that is not.

Caddy lets another Caddy share its port, and requests would then go to either; so each port is bound
exclusively for a moment before anything starts.
"""

import errno
import socket
import time

import psutil

from samtale.config import Config, listening_ports
from samtale.stack.proxy import addresses

_LOOPBACK = ("127.0.0.1",)
_EVERYWHERE = ("0.0.0.0", "[::]")  # noqa: S104 - tried for a moment, and only where Caddy does the same
# Where Caddy answers the certificate authority, and sends people on to https.
_ACME = 80


class PortTakenError(Exception):
    """One sentence per taken port."""


def check(config: Config, *, patience: float = 0) -> None:
    """Bind each port for a moment.

    Args:
        patience: seconds in which whoever holds one may still let it go.

    Raises:
        PortTakenError: names the holder and what to change.
    """
    deadline = time.monotonic() + patience
    while (taken := _taken(config)) and time.monotonic() < deadline:
        time.sleep(0.1)
    if taken:
        raise PortTakenError("\n".join(taken))


def _taken(config: Config) -> list[str]:
    """A sentence for each."""
    taken = []
    for key, port in listening_ports(config).items():
        if key != "proxy.port":
            free = is_free(port)
        else:
            free = config.proxy.external or is_free(port, addresses(config) or _EVERYWHERE)
        if not free:
            taken.append(sentence(config, key, port))
    if config.proxy.tls == "acme" and not is_free(_ACME, _EVERYWHERE):
        taken.append(_sentence_for_acme())
    return taken


def is_free(port: int, at: tuple[str, ...] = _LOOPBACK) -> bool:
    """Whether nobody listens on the port at these addresses, IPv6 in brackets, or at every address."""
    return all(_may_bind(address, port) for address in at)


def _may_bind(address: str, port: int) -> bool:
    family = socket.AF_INET6 if address.startswith("[") else socket.AF_INET
    try:
        probe = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        # A machine without IPv6 has nobody on it.
        return True
    with probe:
        if family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        # Without SO_REUSEPORT a listener always conflicts; with SO_REUSEADDR closed connections do not.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.strip("[]"), port))
            probe.listen(1)
        except OSError as error:
            return error.errno == errno.EADDRNOTAVAIL
    return True


def sentence(config: Config, key: str, port: int) -> str:
    """Say who holds the port, and where another can be chosen."""
    where = config.where(key)
    if port < 1024 and holder(port) is None:
        return f"{where}: port {port} cannot be opened by this user: start as root, or choose one above 1023"
    return f"{where}: port {port} is taken by {_described(holder(port))}: stop it, or choose another port"


def _sentence_for_acme() -> str:
    needed = "proxy.tls = acme needs port 80 for its certificates, which"
    if (pid := holder(_ACME)) is None:
        return f"{needed} cannot be opened by this user: start as root, or set proxy.tls to files"
    return f"{needed} is taken by {_described(pid)}: stop it, or set proxy.tls to files"


def holder(port: int) -> int | None:
    """The pid that listens on the port, when the system tells."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            address = connection.laddr
            if connection.status == psutil.CONN_LISTEN and address and address.port == port:
                return connection.pid
    except psutil.AccessDenied:
        pass
    return None


def _described(pid: int | None) -> str:
    if pid is None:
        return "another program (of another user)"
    try:
        return f"{psutil.Process(pid).name()} (pid {pid})"
    except psutil.Error:
        return f"pid {pid}"
