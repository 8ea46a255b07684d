"""FastAPI dependencies of the routes: the lab, the learner, the level of a request."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import StringConstraints

from handgrad.course import Level
from handgrad.lab.http_problems import HttpProblem
from handgrad.lab.rate_limit import TokenBuckets, require_no_wait
from handgrad.lab.request_checks import SAFE
from handgrad.lab.service import Lab
from handgrad.languages import Text
from handgrad.store.learners import Learner

COOKIE = "handgrad_session"
ALONE = "alone"
"""What stands for a session where there is no login."""


def lab_of(request: Request) -> Lab:
    """The lab that a request asks."""
    lab: Lab = request.app.state.lab
    return lab


async def _lab(request: Request) -> Lab:
    # Not a plain function: FastAPI would hand that to a thread.
    return lab_of(request)


def session_of(request: Request, lab: Lab) -> str | None:
    """The secret of the request's session; None when it has none."""
    return request.cookies.get(COOKIE) if lab.settings.is_class else ALONE


async def learner_or_none(request: Request, lab: Lab) -> Learner | None:
    """Who asks; None for nobody who is signed in."""
    if not lab.settings.is_class:
        return lab.alone
    secret = request.cookies.get(COOKIE)
    return await run_in_threadpool(lab.sessions.learner, secret) if secret else None


async def _learner(request: Request, lab: Annotated[Lab, Depends(_lab)]) -> Learner:
    learner = await learner_or_none(request, lab)
    if learner is None:
        raise HttpProblem(401, SIGN_IN)
    require_page(request, lab)
    pace = lab.rate_limits.reading if request.method in SAFE else lab.rate_limits.changes
    require_rate(pace, learner)
    return learner


async def _teacher(learner: Annotated[Learner, Depends(_learner)]) -> Learner:
    if learner.role != "teacher":
        raise HttpProblem(403, ONLY_TEACHERS)
    return learner


def require_page(request: Request, lab: Lab) -> None:
    """What changes anything comes from one of our pages, or from a script without cookies.

    Raises:
        HttpProblem: the token is missing where there is a cookie, or is another session's.
    """
    if request.method in SAFE:
        return
    secret = session_of(request, lab)
    token = request.headers.get("x-csrf-token")
    if token is None and not lab.settings.is_class:
        return
    wanted = lab.token(secret or "")
    if token is None or not hmac.compare_digest(token.encode("utf-8", "replace"), wanted.encode()):
        raise HttpProblem(403, STALE)


def require_rate(pace: TokenBuckets, learner: Learner) -> None:
    """The learner is not too fast.

    Raises:
        HttpProblem: they are; it says how long to wait.
    """
    require_no_wait(pace.take(learner.number))


async def _level(
    level: Annotated[str, StringConstraints(max_length=100)],
    lab: Annotated[Lab, Depends(_lab)],
) -> Level:
    for one in lab.course.levels:
        if one.name == level:
            return one
    raise HttpProblem(404, NO_SUCH_LEVEL)


TheLab = Annotated[Lab, Depends(_lab)]
TheLearner = Annotated[Learner, Depends(_learner)]
TheTeacher = Annotated[Learner, Depends(_teacher)]
TheLevel = Annotated[Level, Depends(_level)]

NO_SUCH_LEVEL = Text(zh="没有这个关卡。", en="There is no such level.")
SIGN_IN = Text(
    zh="请先登录。你的代码还在这个页面里。", en="Sign in first. Your code is still in your page."
)
ONLY_TEACHERS = Text(zh="只有老师可以这样做。", en="Only teachers may do that.")
STALE = Text(
    zh="这个页面已经过期（服务器重启过，或者你重新登录过）。请刷新页面，代码不会丢。",
    en="This page is out of date: the server was restarted, or you signed in again. Reload it; your code "
    "is kept.",
)
