"""The application: routes, in front of them what keeps strangers out, behind them the lab."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

import handgrad
from handgrad.lab import answer_routes, learner_routes, level_routes, page_routes, static_files
from handgrad.lab.http_problems import install_problem_handlers
from handgrad.lab.request_checks import AllowedHosts, RequestChecks
from handgrad.lab.service import Lab

DESCRIPTION = """\
The interface that the lab's own pages use, and scripts may.

Whatever changes something is sent with `Content-Type: application/json`. On a lab with one learner
(loopback only) a script needs no more. On a class's lab, sign in with `POST /api/session` and send the
cookie, `X-Handgrad: 1`, and as `X-CSRF-Token` what stands in `<meta name="csrf-token">` of any page.
Errors are `{"error": {"zh": …, "en": …}}`.
"""


def create_app(lab: Lab) -> FastAPI:
    """The lab as an ASGI application. It starts the judges when it is started itself, and closes the
    lab when it ends.
    """

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        lab.start()
        try:
            yield
        finally:
            lab.close()

    app = FastAPI(
        title="handgrad lab",
        version=handgrad.__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.lab = lab
    app.state.problem_page = page_routes.error_page
    app.state.bundle = static_files.read_bundle()
    install_problem_handlers(app)
    for routes in (level_routes, answer_routes, learner_routes, page_routes, static_files):
        app.include_router(routes.router)
    app.add_middleware(Compressing, minimum_size=1024, compresslevel=4)
    names = AllowedHosts(is_alone=not lab.settings.is_class, more=tuple(lab.settings.names))
    app.add_middleware(RequestChecks, names=names)
    return app


class Compressing(GZipMiddleware):
    """Compresses pages and JSON. Not the one page that shows words of its address beside a token: its
    size would tell whether the two have letters in common (BREACH).
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, compressed where that is safe."""
        if scope["type"] == "http" and scope["path"] == "/join":
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
