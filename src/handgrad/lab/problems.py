"""What goes wrong, said in every language and with a fitting status."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from handgrad.errors import HandgradError
from handgrad.languages import Text


class Problem(HandgradError):
    """A request that cannot be answered, with its status.

    Attributes:
        status: the HTTP status.
        headers: what else is told, ``Retry-After`` for one.
    """

    def __init__(self, status: int, text: Text, headers: dict[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.headers = headers or {}


NO_SUCH_PAGE = Text(zh="没有这个页面。", en="There is no such page.")
NOT_UNDERSTOOD = Text(
    zh="看不懂这个请求：{where}（{what}）。",
    en="The request cannot be understood: {where} ({what}).",
)


def told(problem: Problem) -> JSONResponse:
    """A problem as JSON."""
    return JSONResponse({"error": problem.text.to_json()}, problem.status, headers=problem.headers)


def install_problem_handlers(app: FastAPI) -> None:
    """Let the application tell every problem in the same form."""

    @app.exception_handler(Problem)
    async def _problem(_request: Request, problem: Problem) -> JSONResponse:
        return told(problem)

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> JSONResponse:
        text = NO_SUCH_PAGE if error.status_code == 404 else Text(zh=error.detail, en=error.detail)
        return told(Problem(error.status_code, text))

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return told(Problem(422, NOT_UNDERSTOOD.format(where=where, what=first["msg"])))
