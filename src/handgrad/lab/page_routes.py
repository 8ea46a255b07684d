"""The pages: shells that the server fills and the bundle brings to life."""

from __future__ import annotations

import gzip
import secrets
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from handgrad.lab import level_json
from handgrad.lab.http_problems import HttpProblem
from handgrad.lab.learner_routes import session_json
from handgrad.lab.page_templates import PageName
from handgrad.lab.request_dependencies import (
    TheLab,
    TheLevel,
    lab_of,
    learner_or_none,
    require_rate,
    session_of,
)
from handgrad.lab.service import Lab
from handgrad.lab.static_files import accepted_codings
from handgrad.languages import LANGUAGES, Language, Text
from handgrad.store.learners import Learner

router = APIRouter(include_in_schema=False)
LANGUAGE_COOKIE = "lang"
ONLY_TEACHERS = Text(zh="只有老师可以看这一页。", en="Only teachers see this page.")


@router.get("/")
async def course_map(request: Request, lab: TheLab) -> Response:
    """The course map."""
    learner = await learner_or_none(request, lab)
    if learner is None:
        return _to_sign_in(request)
    require_rate(lab.rate_limits.reading, learner)
    data = await run_in_threadpool(level_json.course_map, lab, learner)
    return _page(request, lab, "map", learner, data)


@router.get("/levels/{level}")
async def level_page(request: Request, lab: TheLab, level: TheLevel) -> Response:
    """A level."""
    learner = await learner_or_none(request, lab)
    if learner is None:
        return _to_sign_in(request)
    require_rate(lab.rate_limits.reading, learner)
    full = await run_in_threadpool(level_json.with_page, lab, level, learner)
    return _page(request, lab, "level", learner, {"level": full})


@router.get("/sign-in")
async def sign_in(request: Request, lab: TheLab) -> Response:
    """Where learners sign in."""
    learner = await learner_or_none(request, lab)
    if learner is not None:
        return RedirectResponse("/", 303)
    return _page(request, lab, "sign-in", None, {})


@router.get("/join")
async def join(request: Request, lab: TheLab, code: str = "") -> Response:
    """Where learners join the class with an invitation."""
    if not lab.settings.is_class:
        return RedirectResponse("/", 303)
    learner = await learner_or_none(request, lab)
    return _page(request, lab, "join", learner, {"invitation": code[:200]})


@router.get("/class")
async def the_class(request: Request, lab: TheLab) -> Response:
    """The teacher's page."""
    learner = await learner_or_none(request, lab)
    if learner is None:
        return _to_sign_in(request)
    if learner.role != "teacher":
        raise HttpProblem(403, ONLY_TEACHERS)
    return _page(request, lab, "class", learner, {})


def error_page(request: Request, problem: HttpProblem) -> Response:
    """A page that says what went wrong."""
    data = {"status": problem.status, "error": problem.text.to_json()}
    page = _page(request, lab_of(request), "error", None, data)
    page.status_code = problem.status
    page.headers.update(problem.headers)
    return page


def _to_sign_in(request: Request) -> Response:
    path = request.url.path
    return RedirectResponse("/sign-in" + ("" if path == "/" else f"?next={quote(path)}"), 303)


def _page(
    request: Request, lab: Lab, name: PageName, learner: Learner | None, data: dict[str, Any]
) -> Response:
    nonce = secrets.token_urlsafe(16)
    secret = session_of(request, lab)
    text = lab.shell.page(
        name,
        language=language_of(request),
        csrf_token=lab.token(secret) if secret else "",
        csp_nonce=nonce,
        data={"session": session_json(lab, learner)} | data,
    )
    headers = {"Content-Security-Policy": policy(nonce), "Vary": "Accept-Encoding"}
    # A page that repeats what the address holds stays plain: beside a secret of ours, its packed
    # size would tell of both (BREACH).
    if name != "join" and "gzip" in accepted_codings(request.headers.get("accept-encoding", "")):
        packed = gzip.compress(text.encode(), compresslevel=5, mtime=0)
        return HTMLResponse(packed, headers=headers | {"Content-Encoding": "gzip"})
    return HTMLResponse(text, headers=headers)


def policy(nonce: str) -> str:
    """What a page may load and run: our own files, and styles that carry the nonce."""
    return (
        "default-src 'none'; script-src 'self'; "
        f"style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def language_of(request: Request) -> Language:
    """The language asked for in the address, chosen earlier, or preferred by the browser."""
    for asked in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        for language in LANGUAGES:
            if asked == language:
                return language
    return preferred(request.headers.get("accept-language", ""))


def preferred(accepted: str) -> Language:
    """The language of an ``Accept-Language`` header that we speak best; English for none.

    >>> preferred("fr;q=0.9, zh-CN;q=0.8, en;q=0.7"), preferred("de"), preferred("en-GB, zh;q=0.3")
    ('zh', 'en', 'en')
    """
    best: tuple[float, Language] = (0.0, "en")
    for part in accepted[:1000].split(","):
        name, _, parameters = part.strip().lower().partition(";")
        weight = _weight(parameters)
        for language in LANGUAGES:
            if name.partition("-")[0] == language and weight > best[0]:
                best = (weight, language)
    return best[1]


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
