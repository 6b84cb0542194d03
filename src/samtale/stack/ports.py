"""Whether the ports are free, and who holds one that is not.

Caddy lets another Caddy share its port, and requests would then go to either; so each port is bound
exclusively for a moment before anything starts.
"""

import socket

import psutil

from samtale.config import Config, listening_ports


class PortTakenError(Exception):
    """One sentence per taken port."""


def check(config: Config) -> None:
    """Bind each port for a moment.

    Raises:
        PortTakenError: names the holder and the key to change.
    """
    taken = [
        sentence(key, port)
        for key, port in listening_ports(config).items()
        if not (key == "proxy.port" and config.proxy.external) and not is_free(port)
    ]
    if taken:
        raise PortTakenError("\n".join(taken))


def is_free(port: int) -> bool:
    """Whether nobody listens on the port at 127.0.0.1 or at every address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Without SO_REUSEPORT a listener always conflicts; with SO_REUSEADDR closed connections do not.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
    return True


def sentence(key: str, port: int) -> str:
    """Say who holds the port, and what to change."""
    if port < 1024 and holder(port) is None:
        return f"port {port} ({key}) cannot be opened by this user: start as root, or choose one above 1023"
    return f"port {port} is taken by {_described(holder(port))}: stop it, or change {key} in samtale.toml"


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
