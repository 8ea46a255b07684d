"""HTTP errors with a status and a message in both languages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from handgrad.errors import HandgradError, SandboxError, UsageError
from handgrad.languages import Text

log = logging.getLogger(__name__)


class HttpProblem(HandgradError):
    """An error that the client is told of, with its HTTP status.

    Attributes:
        status: the HTTP status.
        headers: further headers, such as ``Retry-After``.
    """

    def __init__(self, status: int, text: Text, headers: dict[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.headers = headers or {}


ProblemPage = Callable[[Request, HttpProblem], Response]
"""Makes a page of a problem; the application holds one as ``state.problem_page``."""

NO_SUCH_PAGE = Text(zh="没有这个页面。", en="There is no such page.")
NO_SUCH_METHOD = Text(
    zh="这个地址不支持这种请求方法。", en="This address does not support that method."
)
NOT_JSON = Text(
    zh="请求的内容不是 JSON（{what}）。应为 UTF-8 编码的 JSON 对象。",
    en="The request's body is not JSON ({what}). It must be a JSON object in UTF-8.",
)
NOT_UNDERSTOOD = Text(
    zh="请求不合法：{where}（{what}）。接口说明见 /api/openapi.json。",
    en="The request is not valid: {where} ({what}). See /api/openapi.json.",
)
DISK_FULL = Text(
    zh="服务器的磁盘满了，没有保存。你的代码还在这个页面里：请腾出空间后再试。",
    en="The server's disk is full, so nothing was saved. Your code is still in your page: free some space "
    "and try again.",
)
STORE_AWAY = Text(
    zh="数据库暂时不能使用，没有保存。你的代码还在这个页面里，请稍后再试。",
    en="The database is not available right now, so nothing was saved. Your code is still in your page; "
    "try again in a moment.",
)
TOO_LARGE = Text(
    zh="答案有 {size} KB，太大了：最多 {most} KB。是不是选错了文件？它没有保存，还在你的页面里。",
    en="The answer has {size} KB, more than the {most} KB allowed. Is it the right file? It was not saved; "
    "it is still in your page.",
)
OUR_FAULT = Text(
    zh="实验室自己出错了，不是你的问题。请再试一次；若仍不行，请把服务器打印的内容发给我们。",
    en="The lab itself failed; this is not your fault. Try again. If it happens again, send us what the "
    "server prints.",
)


def install_problem_handlers(app: FastAPI) -> None:
    """Answer every problem in the same form: JSON for scripts, a page for people."""

    @app.exception_handler(HttpProblem)
    async def _problem(request: Request, problem: HttpProblem) -> Response:
        return problem_response(request, problem)

    @app.exception_handler(UsageError)
    async def _usage(request: Request, error: UsageError) -> Response:
        return problem_response(request, HttpProblem(422, error.text))

    @app.exception_handler(SandboxError)
    async def _sandbox(request: Request, error: SandboxError) -> Response:
        log.warning("The sandbox failed: %s", error.text.en)
        return problem_response(request, HttpProblem(503, error.text))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        known = {404: NO_SUCH_PAGE, 405: NO_SUCH_METHOD, 400: NOT_JSON.format(what=error.detail)}
        text = known.get(error.status_code, Text(zh=error.detail, en=error.detail))
        return problem_response(
            request, HttpProblem(error.status_code, text, dict(error.headers or {}))
        )

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        return problem_response(request, _validation_problem(error.errors()[0]))

    @app.exception_handler(sa.exc.SQLAlchemyError)
    async def _store(request: Request, error: sa.exc.SQLAlchemyError) -> Response:
        log.warning("The store is in trouble: %s", error)
        if "full" in str(error) or "No space left" in str(error):
            return problem_response(request, HttpProblem(507, DISK_FULL))
        return problem_response(request, HttpProblem(503, STORE_AWAY, {"Retry-After": "2"}))


def _validation_problem(first: dict[str, Any]) -> HttpProblem:
    if first["type"] == "json_invalid":
        return HttpProblem(400, NOT_JSON.format(what=first.get("ctx", {}).get("error", "?")))
    if first["type"] == "string_too_long" and first["loc"] == ("body", "source"):
        size = len(first["input"].encode(errors="replace"))
        return source_too_large(size, first["ctx"]["max_length"])
    where = ".".join(str(part) for part in first["loc"] if part != "body") or "body"
    return HttpProblem(422, NOT_UNDERSTOOD.format(where=where[:200], what=first["msg"]))


def source_too_large(size: int, most: int) -> HttpProblem:
    """A source has more bytes than any answer needs."""
    return HttpProblem(413, TOO_LARGE.format(size=-(-size // 1024), most=most // 1024))


def problem_response(request: Request, problem: HttpProblem) -> Response:
    """A problem as JSON, or as a page where a person has followed a link."""
    path = request.url.path
    if path.startswith(("/api/", "/static/")) or request.method not in {"GET", "HEAD"}:
        return problem_as_json(problem)
    show: ProblemPage = request.app.state.problem_page
    return show(request, problem)


def problem_as_json(problem: HttpProblem) -> JSONResponse:
    """A problem as scripts read it."""
    return JSONResponse({"error": problem.text.to_json()}, problem.status, headers=problem.headers)
