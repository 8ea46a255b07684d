"""``/api/levels``: the map, a level, its hints, its draft, live shapes."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from handgrad.lab import levels
from handgrad.lab.asking import TheLab, TheLearner, TheLevel
from handgrad.lab.problems import Problem
from handgrad.languages import Text
from handgrad.store.progress import Draft

router = APIRouter(prefix="/api/levels")


class Source(BaseModel):
    """What a learner has typed."""

    source: str


class DraftIn(BaseModel):
    """What a learner has typed, and the revision of the draft that they began from."""

    source: str
    base: int | None = None


@router.get("")
def all_levels(lab: TheLab, learner: TheLearner) -> dict[str, Any]:
    """Every level in short."""
    return levels.course_map(lab, learner)


@router.get("/{level}")
def one_level(lab: TheLab, learner: TheLearner, level: TheLevel) -> dict[str, Any]:
    """A level with its statement, template, hints shown and draft."""
    return levels.in_full(lab, level, learner)


@router.post("/{level}/hints")
def show_hint(lab: TheLab, learner: TheLearner, level: TheLevel) -> dict[str, Any]:
    """Show one hint more."""
    shown = lab.workbook.show_hint(learner.number, level.name, len(level.hints))
    return levels.hints(level, shown)


@router.get("/{level}/draft")
def get_draft(lab: TheLab, learner: TheLearner, level: TheLevel) -> dict[str, Any] | None:
    """The draft, or null."""
    draft = lab.workbook.draft(learner.number, level.name)
    return None if draft is None else {"source": draft.source, "revision": draft.revision}


@router.put("/{level}/draft")
def put_draft(lab: TheLab, learner: TheLearner, level: TheLevel, typed: DraftIn) -> Response:
    """Save a draft; 409 and the latest one where another tab has saved since."""
    saved = lab.workbook.save_draft(learner.number, level.name, typed.source, typed.base)
    if isinstance(saved, Draft):
        return JSONResponse({"source": saved.source, "revision": saved.revision}, 409)
    return JSONResponse({"revision": saved})


@router.post("/{level}/shapes")
def shapes(lab: TheLab, learner: TheLearner, level: TheLevel, typed: Source) -> dict[str, Any]:
    """The shape of every intermediate of a draft, line by line."""
    raise Problem(501, Text(zh="还没有实时形状。", en="There are no live shapes yet."))
