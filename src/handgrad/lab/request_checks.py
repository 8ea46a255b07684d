"""Checks before every route: who may send a request, in what form and size; and headers for every reply.

Against DNS rebinding the name that was asked for must be ours; against other sites that make a
learner's browser ask, what changes anything must be JSON, come from our own pages or from no page at
all. A body is read whole before anything of it is looked at, up to a limit and within a time.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handgrad.lab.connection_owner import is_opened_by_another_user
from handgrad.lab.http_problems import OUR_FAULT, HttpProblem, problem_as_json, problem_response
from handgrad.languages import Text

log = logging.getLogger(__name__)

LARGEST_BODY = 1024 * 1024
"""128 KiB of source may take six times as many bytes as JSON."""
BODY_SECONDS = 30.0
SAFE = ("GET", "HEAD", "OPTIONS")
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
NO_PAGE = b"default-src 'none'; frame-ancestors 'none'"
"""The policy of what is no page: nothing in it may run, wherever it is opened."""


@dataclass(frozen=True)
class AllowedHosts:
    """The names under which the lab may be asked for.

    Attributes:
        is_alone: one learner, without login: loopback only, and only for this user.
        more: further names, of a proxy for one.
    """

    is_alone: bool
    more: Collection[str] = field(default_factory=tuple)

    def is_ours(self, host: str) -> bool:
        """Whether a ``Host`` header names this machine. An address is no name that somebody else
        could let point here.
        """
        name = _without_port(host)
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return name in self._all
        return address.is_loopback or not self.is_alone

    @cached_property
    def _all(self) -> frozenset[str]:
        names = {"localhost", *(name.lower() for name in self.more)}
        if not self.is_alone:
            own = socket.gethostname().lower()
            names |= {own, f"{own}.local", socket.getfqdn().lower()}
        return frozenset(names)


def _without_port(host: str) -> str:
    """The name in a ``Host`` header, in lower case.

    >>> _without_port("[::1]:8300"), _without_port("Lab.example:80")
    ('::1', 'lab.example')
    """
    name = host.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0] if "]" in name else ""
    return name.rsplit(":", 1)[0] if name.count(":") == 1 else name


class RequestChecks:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, names: AllowedHosts) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with what is wrong."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        is_answered = False

        async def send_with_headers(message: Message) -> None:
            nonlocal is_answered
            if message["type"] == "http.response.start":
                is_answered = True
                _add_headers(message, scope["path"])
            await send(message)

        try:
            self._look(scope)
            body = await _whole_body(Headers(scope=scope), receive)
            await self._app(scope, _again(body, receive), send_with_headers)
        except HttpProblem as problem:
            await problem_response(Request(scope), problem)(scope, receive, send_with_headers)
        except Exception:  # whatever is left is our own fault, and said so
            log.exception("%s %s failed", scope["method"], scope["path"])
            if not is_answered:
                refusal = problem_as_json(HttpProblem(500, OUR_FAULT))
                await refusal(scope, receive, send_with_headers)

    def _look(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._names.is_ours(host):
            raise HttpProblem(421, OTHER_NAME.format(name=host[:100]))
        if self._names.is_alone and is_opened_by_another_user(
            scope.get("client"), scope.get("server")
        ):
            raise HttpProblem(403, OTHER_USER)
        if scope["method"] in SAFE:
            return
        origin = headers.get("origin")
        if origin is not None and origin.lower().partition("://")[2] != host.lower():
            raise HttpProblem(403, OTHER_SITE)
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            raise HttpProblem(403, OTHER_SITE)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise HttpProblem(415, NOT_AS_JSON)
        if "cookie" in headers and headers.get("x-handgrad") != "1":
            raise HttpProblem(403, NO_MARK)


def _add_headers(message: Message, path: str) -> None:
    headers = list(message.get("headers", ()))
    have = {name.lower() for name, _ in headers}
    headers += HEADERS
    if b"content-security-policy" not in have:
        headers.append((b"content-security-policy", NO_PAGE))
    if b"cache-control" not in have and not path.startswith("/static/"):
        headers.append((b"cache-control", b"no-store"))
    message["headers"] = headers


async def _whole_body(headers: Headers, receive: Receive) -> bytes:
    """The body, read to its end.

    Raises:
        HttpProblem: it is too large, or does not come.
    """
    announced = headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > LARGEST_BODY:
        raise HttpProblem(413, TOO_LARGE.format(kilobytes=LARGEST_BODY // 1024))
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":  # whoever asked has gone
                    return bytes(body)
                body += message.get("body", b"")
                if len(body) > LARGEST_BODY:
                    raise HttpProblem(413, TOO_LARGE.format(kilobytes=LARGEST_BODY // 1024))
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError as error:
        raise HttpProblem(408, TOO_SLOW) from error


def _again(body: bytes, receive: Receive) -> Receive:
    """The same body for the application, then whatever else comes."""
    is_given = False

    async def again() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


OTHER_NAME = Text(
    zh="这个实验室不接受主机名「{name}」。请用启动时打印的地址；要用别的主机名，启动时请加上 --allow-host 主机名。",
    en="This lab does not answer to the host name “{name}”. Use the address it printed at start; to allow "
    "another name, start it with --allow-host NAME.",
)
OTHER_USER = Text(
    zh="这个实验室属于本机的另一个用户。请启动你自己的：handgrad lab --port 另一个端口。",
    en="This lab belongs to another user of this machine. Start your own: handgrad lab --port ANOTHER.",
)
OTHER_SITE = Text(
    zh="这个请求来自别的网站，已拒绝。",
    en="This request comes from another site and was refused.",
)
NOT_AS_JSON = Text(
    zh="请求必须带 Content-Type: application/json。",
    en="The request must have Content-Type: application/json.",
)
NO_MARK = Text(
    zh="带 cookie 的请求必须有请求头 X-Handgrad: 1。",
    en="A request with a cookie must have the header X-Handgrad: 1.",
)
TOO_LARGE = Text(
    zh="请求太大：最多 {kilobytes} KB。是不是选错了文件？没有保存任何内容。",
    en="The request is too large: {kilobytes} KB at most. Is it the right file? Nothing was saved.",
)
TOO_SLOW = Text(
    zh="请求没有在时限内到达，请再试一次。",
    en="The request did not arrive in time; try again.",
)
