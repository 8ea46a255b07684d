"""``/api/levels``: the map, a level, its hints, its draft, live shapes."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from handgrad.lab import level_json
from handgrad.lab.api_models import (
    MOST_SOURCE,
    CourseMapReply,
    DraftReply,
    DraftRequest,
    DraftRevisionReply,
    EmptyRequest,
    HintsReply,
    LevelReply,
    ShapesReply,
    SourceRequest,
    replies,
)
from handgrad.lab.http_problems import HttpProblem, source_too_large
from handgrad.lab.request_dependencies import TheLab, TheLearner, TheLevel, require_rate
from handgrad.lab.service import Lab
from handgrad.languages import Text
from handgrad.store.learner_progress import SavedDraft

router = APIRouter(prefix="/api/levels", tags=["levels"])
READING = (401, 404, 422, 429)
CHANGING = (400, 401, 403, 404, 413, 415, 422, 429)


@router.get("", responses=replies(401, 429, s200=CourseMapReply))
def all_levels(lab: TheLab, learner: TheLearner) -> Response:
    """Every level in short: what is open, what is passed, what each needs."""
    return JSONResponse(level_json.course_map(lab, learner))


@router.get("/{level}", responses=replies(*READING, s200=LevelReply))
def one_level(lab: TheLab, learner: TheLearner, level: TheLevel) -> Response:
    """A level with its statement, template, hints shown and draft."""
    return JSONResponse(level_json.with_page(lab, level, learner))


@router.post("/{level}/hints", responses=replies(*CHANGING, s200=HintsReply))
def show_hint(
    lab: TheLab, learner: TheLearner, level: TheLevel, _wanted: EmptyRequest | None = None
) -> Response:
    """Show one hint more."""
    shown = lab.progress_store.show_hint(learner.number, level.name, len(level.hints))
    return JSONResponse(level_json.hints(level, shown))


@router.get("/{level}/draft", response_model=DraftReply | None, responses=replies(*READING))
def get_draft(lab: TheLab, learner: TheLearner, level: TheLevel) -> Response:
    """The draft, or null."""
    return JSONResponse(level_json.draft(lab, level, learner))


@router.put(
    "/{level}/draft", responses=replies(*CHANGING, s200=DraftRevisionReply, s409=DraftReply)
)
def put_draft(lab: TheLab, learner: TheLearner, level: TheLevel, typed: DraftRequest) -> Response:
    """Save a draft; 409 and the latest one where another tab has saved since."""
    require_size(typed.source)
    saved = lab.progress_store.save_draft(learner.number, level.name, typed.source, typed.base)
    if isinstance(saved, SavedDraft):
        return JSONResponse({"source": saved.source, "revision": saved.revision}, 409)
    return JSONResponse({"revision": saved})


@router.post("/{level}/shapes", responses=replies(*CHANGING, 409, 503, s200=ShapesReply))
async def shapes(
    lab: TheLab, learner: TheLearner, level: TheLevel, typed: SourceRequest
) -> Response:
    """The shape of every intermediate of a draft, line by line; 409 when a newer draft has come."""
    require_rate(lab.rate_limits.shapes, learner)
    require_judging(lab)
    ticket = lab.newest.get(learner.number, 0) + 1
    lab.newest[learner.number] = ticket

    def seen() -> dict[str, Any] | None:
        if lab.newest.get(learner.number, ticket) != ticket:
            return None
        return lab.shaper.shapes(level, typed.source).as_json()

    found = await asyncio.get_running_loop().run_in_executor(lab.shaping, seen)
    if found is None:
        raise HttpProblem(409, OUTDATED)
    if lab.newest.get(learner.number) == ticket:
        del lab.newest[learner.number]
    return JSONResponse(found)


def require_judging(lab: Lab) -> None:
    """Code may be run here.

    Raises:
        HttpProblem: the machine's isolation is too weak for that; it says why.
    """
    if not lab.judges:
        raise HttpProblem(503, lab.notice or OUTDATED)


def require_size(source: str) -> None:
    """A source is not larger than any answer needs to be.

    Raises:
        HttpProblem: it is.
    """
    size = len(source.encode())
    if size > MOST_SOURCE:
        raise source_too_large(size, MOST_SOURCE)


OUTDATED = Text(zh="有更新的草稿了。", en="A newer draft has come.")
