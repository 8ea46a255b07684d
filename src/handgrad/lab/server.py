"""Serves the lab: takes the port, says where it is, opens the browser, ends in order."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import logging
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import uvicorn

from handgrad.errors import UsageError
from handgrad.lab.app import create_app
from handgrad.lab.service import Lab, LabSettings
from handgrad.languages import Text

GRACE_SECONDS = 3
PORTS_TRIED = 20
SWITCH_SECONDS = 0.0005
"""How long a judging thread keeps the interpreter while a request waits for it: by default ten times as
long, which a learner could feel."""


@dataclass(frozen=True)
class ListenAddress:
    """Where the lab listens.

    Attributes:
        host: a name or an address.
        port: 0 for any that is free.
        is_behind_proxy: whether a proxy on this machine says who asks, and by http or https.
    """

    host: str
    port: int
    is_behind_proxy: bool = False

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def listen(place: ListenAddress) -> socket.socket:
    """Take the port.

    Raises:
        UsageError: it is in use, or not ours to take; the message says what to do.
    """
    try:
        found = socket.getaddrinfo(
            place.host, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except OSError as error:
        raise UsageError(NO_SUCH_HOST.format(host=place.host)) from error
    # a browser tries IPv4 where localhost is refused by IPv6, and the other way round
    family, kind, protocol, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    taken = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":  # there it would let two servers share a port
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
        taken.listen(2048)
    except OSError as error:
        taken.close()
        raise UsageError(_why_not(place, error)) from error
    return taken


def _why_not(place: ListenAddress, error: OSError) -> Text:
    if error.errno == errno.EADDRINUSE:
        return IN_USE.format(port=place.port, free=_free_port(place))
    if error.errno == errno.EACCES:
        return NOT_ALLOWED.format(port=place.port)
    return NOT_OURS.format(host=place.host, reason=error.strerror or error)


def _free_port(place: ListenAddress) -> int:
    """The next port that could be taken."""
    for port in range(place.port + 1, min(place.port + PORTS_TRIED, 65536)):
        with contextlib.suppress(OSError), socket.socket() as tried:
            tried.bind((place.host, port))
            return port
    return 0


def address_of(taken: socket.socket, place: ListenAddress) -> str:
    """The address to be opened in a browser."""
    port = taken.getsockname()[1]
    host = place.host
    if host in {"0.0.0.0", "::", ""}:
        host = socket.gethostname()
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


@contextlib.contextmanager
def opened(settings: LabSettings, place: ListenAddress) -> Iterator[tuple[Lab, socket.socket]]:
    """The port and the lab, both closed when something fails before it serves.

    Raises:
        UsageError: the port cannot be taken, or it may not be open to others.
        StoreError: the database cannot be used.
    """
    with contextlib.ExitStack() as stack:
        taken = stack.enter_context(listen(place))
        lab = Lab(settings)
        stack.callback(lab.close)
        lab.server_lock.publish_address(address_of(taken, place))
        yield lab, taken


def serve(
    lab: Lab,
    taken: socket.socket,
    place: ListenAddress,
    on_started: Callable[[], None] = lambda: None,
) -> None:
    """Serve until the process is asked to end, then close the lab.

    Args:
        lab: what is served.
        taken: the port.
        place: where it listens.
        on_started: called once, when requests are answered.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    configuration = uvicorn.Config(
        create_app(lab),
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=place.is_behind_proxy,
        forwarded_allow_ips="127.0.0.1,::1" if place.is_behind_proxy else "",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE_SECONDS,
        lifespan="on",
        ws="none",
    )
    server = _Server(configuration, on_started, lab.verdict_waiters.close)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again when it has ended
        server.run(sockets=[taken])


class _Server(uvicorn.Server):
    """Tells when it has started, and before it waits for its last requests."""

    def __init__(
        self,
        configuration: uvicorn.Config,
        on_started: Callable[[], None],
        on_ending: Callable[[], None],
    ) -> None:
        super().__init__(configuration)
        self._on_started = on_started
        self._on_ending = on_ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if self.started:
            self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End: requests that wait for a verdict get a reply first."""
        self._on_ending()
        await super().shutdown(sockets)


def can_show_pages() -> bool:
    """Whether a browser with windows is likely to be there: one in the terminal would take it over."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"))


def show(address: str, on_failure: Callable[[], None]) -> None:
    """Open the address in the browser, and let the server go on meanwhile."""

    def show_it() -> None:
        try:
            is_shown = can_show_pages() and webbrowser.open(address)
        except (webbrowser.Error, OSError):
            is_shown = False
        if not is_shown:
            on_failure()

    threading.Thread(target=show_it, daemon=True).start()


IN_USE = Text(
    zh="端口 {port} 已被占用（也许另一个 handgrad lab 正开着：看看 http://127.0.0.1:{port}/）。"
    "要另开一个，请用 --port {free}。",
    en="Port {port} is in use (perhaps by another handgrad lab: look at http://127.0.0.1:{port}/). "
    "For a second one, use --port {free}.",
)
NOT_ALLOWED = Text(
    zh="使用端口 {port} 需要管理员权限。请用 1024 以上的端口，例如 --port 8300。",
    en="Port {port} needs administrator rights. Use a port above 1024, for example --port 8300.",
)
NO_SUCH_HOST = Text(
    zh="找不到主机「{host}」。只在本机使用请加 --host 127.0.0.1。",
    en="There is no host “{host}”. To listen on this machine only, use --host 127.0.0.1.",
)
NOT_OURS = Text(
    zh="不能在 {host} 上监听：{reason}。只在本机使用请加 --host 127.0.0.1。",
    en="Cannot listen on {host}: {reason}. To listen on this machine only, use --host 127.0.0.1.",
)
