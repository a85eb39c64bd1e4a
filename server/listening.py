"""The server's address: listening on it, and how programs of the same machine reach it."""

from __future__ import annotations

import socket

LOCAL = "127.0.0.1"
_REACHED_AT = {"0.0.0.0": LOCAL, "localhost": LOCAL, "::": "::1"}  # noqa: S104 - what a setting may say, not what is listened on


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on an IPv4 or IPv6 address; raises `OSError` with a sentence that says what to do."""
    try:
        return socket.create_server((host, port), family=family_of(host), backlog=2048)
    except OSError as exc:
        raise OSError(f"cannot listen on {host} port {port}: {exc.strerror}; stop what uses it or set server.port") from exc


def family_of(host: str) -> socket.AddressFamily:
    """IPv6 for an address with colons; a name is looked up as IPv4."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def local_host(host: str) -> str:
    """The address at which this machine reaches what listens on `host`."""
    return _REACHED_AT.get(host, host)


def local_url(host: str, port: int) -> str:
    """The base URL, without a slash at its end, at which this machine reaches what listens on `host`."""
    here = local_host(host)
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"
