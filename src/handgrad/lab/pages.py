"""The pages: shells that the server fills and the bundle brings to life."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from handgrad.lab import learner_routes, levels
from handgrad.lab.asking import TheLab, TheLearner, TheLevel
from handgrad.lab.problems import NO_SUCH_PAGE, Problem
from handgrad.languages import Language

router = APIRouter(include_in_schema=False)
STATIC = Path(__file__).with_name("static")


def _page(request: Request, name: str, data: dict[str, Any]) -> HTMLResponse:
    from handgrad.lab.shell import Shell  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    nonce = secrets.token_urlsafe(16)
    language: Language = "en" if request.query_params.get("lang") == "en" else "zh"
    text = Shell().page(name, language=language, csrf_token="", csp_nonce=nonce, data=data)
    policy = (
        "default-src 'none'; script-src 'self'; "
        f"style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(text, headers={"Content-Security-Policy": policy})


@router.get("/")
def course_map(request: Request, lab: TheLab, learner: TheLearner) -> Response:
    """The course map."""
    data = {"session": learner_routes.session(lab, learner)} | levels.course_map(lab, learner)
    return _page(request, "map", data)


@router.get("/levels/{level}")
def level_page(request: Request, lab: TheLab, learner: TheLearner, level: TheLevel) -> Response:
    """A level."""
    full = levels.in_full(lab, level, learner)
    return _page(request, "level", {"session": learner_routes.session(lab, learner), "level": full})


@router.get("/static/{path:path}")
def static(path: str) -> FileResponse:
    """A file of the bundle."""
    file = (STATIC / path).resolve()
    if STATIC.resolve() not in file.parents or not file.is_file():
        raise Problem(404, NO_SUCH_PAGE)
    return FileResponse(file)
