"""The application: routes, in front of them what keeps strangers out, behind them the lab."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI

import handgrad
from handgrad.lab import answer_routes, learner_routes, level_routes, pages
from handgrad.lab.problems import install_problem_handlers
from handgrad.lab.service import Lab, Settings


def create_app(settings: Settings) -> FastAPI:
    """The lab as an ASGI application; it starts its judges when it is started itself."""
    lab = Lab(settings)

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        lab.waiting.open()
        lab.queue.start()
        try:
            yield
        finally:
            lab.close()

    app = FastAPI(
        title="handgrad lab",
        version=handgrad.__version__,
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.lab = lab
    install_problem_handlers(app)
    for routes in (level_routes, answer_routes, learner_routes, pages):
        app.include_router(routes.router)
    return app
