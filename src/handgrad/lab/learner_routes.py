"""Who is there: the session, and for several learners signing in, joining and the class."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

import handgrad
from handgrad.lab import level_json
from handgrad.lab.api_models import (
    MOST_NAME,
    ClassReply,
    EmptyRequest,
    InvitationReply,
    InvitationRequest,
    JoinRequest,
    NewPasswordReply,
    RemovedReply,
    SessionReply,
    SignedInReply,
    SignInRequest,
    replies,
)
from handgrad.lab.http_problems import HttpProblem
from handgrad.lab.passwords import drawn_password
from handgrad.lab.rate_limit import require_no_wait
from handgrad.lab.request_dependencies import (
    COOKIE,
    TheLab,
    TheTeacher,
    learner_or_none,
    require_page,
    session_of,
)
from handgrad.lab.service import Lab
from handgrad.languages import Text
from handgrad.store.invitations import Invitation
from handgrad.store.learners import ClassMember, Learner, key_of, valid_name
from handgrad.store.sessions import LASTS
from handgrad.store.timestamps import SECOND, iso_time

router = APIRouter(prefix="/api", tags=["learners"])
TEACHING = (400, 401, 403, 404, 413, 415, 422, 429)
Name = Annotated[str, Path(max_length=MOST_NAME)]


@router.get("/session", responses=replies(s200=SessionReply))
async def session(request: Request, lab: TheLab) -> Response:
    """Who is signed in, and what this lab can do."""
    return JSONResponse(session_json(lab, await learner_or_none(request, lab)))


def session_json(lab: Lab, learner: Learner | None) -> dict[str, Any]:
    """The session as pages and scripts read it."""
    return {
        "learner": None if learner is None else _person(learner),
        "class": lab.settings.is_class,
        "isolation": lab.isolation.level,
        "judges": lab.judges,
        "notice": None if lab.notice is None else lab.notice.to_json(),
        "handgrad": handgrad.__version__,
        "instance": lab.instance,
    }


@router.post(
    "/session", responses=replies(400, 401, 403, 404, 413, 415, 422, 429, s200=SignedInReply)
)
async def sign_in(request: Request, lab: TheLab, given: SignInRequest) -> Response:
    """Sign in: the reply sets a cookie."""
    _require_class(lab)
    _require_tries(request, lab, given.name)
    async with lab.hashing:
        learner = await run_in_threadpool(_signed_in, lab, given)
    if learner is None:
        _count_failure(request, lab, given.name)
        raise HttpProblem(401, NOT_SIGNED_IN)
    lab.rate_limits.names.fill(key_of(given.name))
    return await _begun(request, lab, learner, 200)


def _signed_in(lab: Lab, given: SignInRequest) -> Learner | None:
    found = lab.learners.named(given.name)
    known = None if found is None else found[1]
    if not lab.passwords.is_right(known, given.password) or found is None:
        return None
    learner = found[0]
    if known is not None and lab.passwords.needs_new_hash(known):
        lab.learners.strengthen(learner, lab.passwords.hashed(given.password))
    return learner


@router.delete("/session", responses=replies(403, 415, s200=SignedInReply))
async def sign_out(request: Request, lab: TheLab, _wanted: EmptyRequest | None = None) -> Response:
    """Sign out."""
    secret = session_of(request, lab)
    if lab.settings.is_class and secret:
        require_page(request, lab)
        await run_in_threadpool(lab.sessions.end, secret)
    reply = JSONResponse({"learner": None})
    reply.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return reply


@router.post(
    "/learners",
    status_code=201,
    responses=replies(400, 403, 404, 413, 415, 422, 429, s201=SignedInReply),
)
async def join(request: Request, lab: TheLab, given: JoinRequest) -> Response:
    """Join the class with an invitation; the reply sets a cookie."""
    _require_class(lab)
    require_no_wait(lab.rate_limits.addresses.take(_address(request)))
    name = valid_name(given.name)
    is_good = await run_in_threadpool(lab.invitations.is_good, given.code)
    password = ""
    if is_good:
        async with lab.hashing:
            password = await run_in_threadpool(lab.passwords.hashed, given.password)
    learner = await run_in_threadpool(lab.invitations.join, given.code, name, password)
    return await _begun(request, lab, learner, 201)


@router.get("/class", responses=replies(401, 403, 404, 429, s200=ClassReply))
def the_class(lab: TheLab, _teacher: TheTeacher) -> Response:
    """Everybody, with what each has passed, and the invitations that can be used."""
    return JSONResponse(
        {
            "learners": [_member(lab, member) for member in lab.learners.members()],
            "invitations": [_invitation(one) for one in lab.invitations.of_class()],
        }
    )


@router.post("/class/invitations", responses=replies(*TEACHING, s200=InvitationReply))
def invite(lab: TheLab, _teacher: TheTeacher, wanted: InvitationRequest) -> Response:
    """A new code with which learners join."""
    return JSONResponse(_invitation(lab.invitations.invite_class(wanted.left)))


@router.post("/class/learners/{name}/password", responses=replies(*TEACHING, s200=NewPasswordReply))
async def reset_password(
    lab: TheLab, _teacher: TheTeacher, name: Name, _wanted: EmptyRequest | None = None
) -> Response:
    """Give a learner a new password, to be handed over; their sessions end."""
    learner = await run_in_threadpool(_named, lab, name)
    password = drawn_password()
    async with lab.hashing:
        known = await run_in_threadpool(lab.passwords.hashed, password)
    await run_in_threadpool(lab.learners.set_password, learner, known)
    lab.rate_limits.names.fill(key_of(name))
    return JSONResponse({"password": password})


@router.delete("/class/learners/{name}", responses=replies(*TEACHING, s200=RemovedReply))
def remove(
    lab: TheLab, teacher: TheTeacher, name: Name, _wanted: EmptyRequest | None = None
) -> Response:
    """Remove a learner and all that is theirs."""
    learner = _named(lab, name)
    if learner.number == teacher.number:
        raise HttpProblem(403, NOT_YOURSELF)
    lab.learners.remove(learner)
    return JSONResponse({"removed": learner.name})


def _named(lab: Lab, name: str) -> Learner:
    found = lab.learners.named(name)
    if found is None:
        raise HttpProblem(404, NO_SUCH_LEARNER)
    return found[0]


def _require_class(lab: Lab) -> None:
    if not lab.settings.is_class:
        raise HttpProblem(404, NO_CLASS)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _require_tries(request: Request, lab: Lab, name: str) -> None:
    """Neither the name nor the address has failed too often, whether there is such a name or not."""
    waits = (
        lab.rate_limits.names.wait(key_of(name)),
        lab.rate_limits.addresses.wait(_address(request)),
    )
    require_no_wait(max(waits))


def _count_failure(request: Request, lab: Lab, name: str) -> None:
    lab.rate_limits.names.take(key_of(name))
    lab.rate_limits.addresses.take(_address(request))


async def _begun(request: Request, lab: Lab, learner: Learner, status: int) -> Response:
    """Signed in: a new session, whatever session there was before."""
    before = request.cookies.get(COOKIE)
    if before:
        await run_in_threadpool(lab.sessions.end, before)
    secret = await run_in_threadpool(lab.sessions.begin, learner)
    reply = JSONResponse({"learner": _person(learner)}, status)
    reply.set_cookie(
        COOKIE,
        secret,
        max_age=LASTS // SECOND,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return reply


def _person(learner: Learner) -> dict[str, Any]:
    return {"name": learner.name, "teacher": learner.role == "teacher"}


def _member(lab: Lab, member: ClassMember) -> dict[str, Any]:
    passed = [
        level.name for level in lab.course.levels if level_json.is_passed(level, member.passed)
    ]
    return _person(member.learner) | {
        "joined_at": iso_time(member.joined_at),
        "seen_at": None if member.seen_at is None else iso_time(member.seen_at),
        "passed": passed,
        "answers": member.answers,
    }


def _invitation(one: Invitation) -> dict[str, Any]:
    return {
        "code": one.code,
        "address": f"/join?code={one.code}",
        "left": one.left,
        "expires_at": iso_time(one.ends_at),
    }


NOT_SIGNED_IN = Text(
    zh="名字或密码不对。忘了密码，请老师重设。",
    en="The name or the password is wrong. If you forgot it, your teacher can give you a new one.",
)
NO_CLASS = Text(
    zh="这个实验室只有一位学习者，不需要登录。要给一个班用，请用 handgrad lab --class 启动。",
    en="This lab has one learner, who needs no login. For a class, start it with `handgrad lab --class`.",
)
NO_SUCH_LEARNER = Text(zh="班里没有这个人。", en="There is nobody of that name in the class.")
NOT_YOURSELF = Text(zh="不能移除自己。", en="You cannot remove yourself.")
