"""Answers: hand one in, wait for its verdicts, read it again, read the history."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from handgrad.diagnosis.json_fields import with_missing_fields
from handgrad.diagnosis.verdict import Verdict
from handgrad.lab.api_models import (
    LARGEST_NUMBER,
    AnswerReply,
    HistoryReply,
    SourceRequest,
    SubmissionReply,
    VerdictReply,
    replies,
)
from handgrad.lab.http_problems import HttpProblem
from handgrad.lab.level_routes import CHANGING, READING, require_judging, require_size
from handgrad.lab.request_dependencies import TheLab, TheLearner, TheLevel, require_rate
from handgrad.lab.service import MOST_WAITING, Lab
from handgrad.lab.verdict_waiters import VerdictFuture, Verdicts
from handgrad.languages import Text
from handgrad.store.answers import StoredAnswer
from handgrad.store.learners import Learner
from handgrad.store.timestamps import iso_time

router = APIRouter(prefix="/api", tags=["answers"])
LONGEST_WAIT = 60.0
LOOK_SECONDS = 2.0
"""How often a request that waits looks itself: another server may have judged the answer."""


@router.post(
    "/levels/{level}/answers",
    response_model=list[VerdictReply],
    responses=replies(*CHANGING, 503, s202=SubmissionReply),
)
async def hand_in(
    lab: TheLab,
    learner: TheLearner,
    level: TheLevel,
    handed_in: SourceRequest,
    wait: Annotated[
        float,
        Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for the verdicts."),
    ] = 0,
) -> Response:
    """Store an answer to be judged: 202, its number and its address.

    With ``wait``, 200 and the list of its verdicts, one for each class of the level, if they are there
    in time.
    """
    require_size(handed_in.source)
    require_judging(lab)
    require_rate(lab.rate_limits.answers, learner)
    source = handed_in.source.encode()
    if not wait:
        stored = await run_in_threadpool(_store, lab, learner, level.name, source)
        return _address(stored)
    waiter = lab.verdict_waiters.add()
    try:
        stored = await run_in_threadpool(_store, lab, learner, level.name, source, waiter)
        verdicts = await _judged(lab, stored, waiter, wait)
    finally:
        lab.verdict_waiters.remove(waiter)
    if verdicts is None:
        return _address(stored)
    return Response("[" + ",".join(verdicts) + "]", media_type="application/json")


def _store(
    lab: Lab, learner: Learner, level: str, source: bytes, waiter: VerdictFuture | None = None
) -> StoredAnswer:
    if lab.settings.is_class and lab.answers.waiting(learner.number) >= MOST_WAITING:
        raise HttpProblem(429, MANY_WAIT.format(count=MOST_WAITING), {"Retry-After": "2"})

    def stored(number: int) -> None:
        if waiter is not None:
            lab.verdict_waiters.assign(number, waiter)

    return lab.queue.hand_in(learner.number, level, source, stored)


def _address(stored: StoredAnswer) -> Response:
    address = f"/api/answers/{stored.number}"
    body = {"answer": stored.number, "address": address}
    return JSONResponse(body, 202, headers={"Location": address})


async def _judged(
    lab: Lab, stored: StoredAnswer, waiter: VerdictFuture, seconds: float
) -> Verdicts | None:
    """The verdicts; None when they were not there in time, or the server ends."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while (left := deadline - loop.time()) > 0:
        await asyncio.wait([waiter], timeout=min(left, LOOK_SECONDS))
        if waiter.done():
            return waiter.result()
        found = await run_in_threadpool(lab.answers.get, stored.number, stored.learner)
        if found is not None and found.state == "judged":
            return found.documents
    return None


@router.get("/levels/{level}/answers", responses=replies(*READING, s200=HistoryReply))
def history(
    lab: TheLab,
    learner: TheLearner,
    level: TheLevel,
    before: Annotated[
        int | None, Query(ge=1, le=LARGEST_NUMBER, description="Only answers before this one.")
    ] = None,
) -> Response:
    """The learner's answers to a level, newest first."""
    entries, following = lab.answers.history(learner.number, level.name, before)
    more = f"/api/levels/{level.name}/answers?before={following}"
    answers = [
        {
            "answer": entry.number,
            "submitted_at": iso_time(entry.submitted_at),
            "state": entry.state,
            "verdicts": entry.verdicts,
        }
        for entry in entries
    ]
    return JSONResponse({"answers": answers, "next": None if following is None else more})


@router.get("/answers/{answer}", responses=replies(*READING, s200=AnswerReply))
def one_answer(
    lab: TheLab, learner: TheLearner, answer: Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]
) -> Response:
    """An answer of one's own, with its verdicts once it is judged."""
    found = lab.answers.get(answer, learner.number)
    if found is None:
        raise HttpProblem(404, NO_SUCH_ANSWER)
    body = {
        "answer": found.number,
        "level": found.level,
        "state": found.state,
        "submitted_at": iso_time(found.submitted_at),
        "source": found.source.decode(errors="replace"),
    }
    # as this version describes a verdict, whichever version stored it
    verdicts = [with_missing_fields(Verdict, json.loads(one)) for one in found.documents]
    return JSONResponse(body | {"verdicts": verdicts})


NO_SUCH_ANSWER = Text(zh="没有这份答案。", en="There is no such answer.")
MANY_WAIT = Text(
    zh="你有 {count} 份答案还在等结果，请等它们评测完再提交。",
    en="{count} of your answers are still waiting. Submit the next one when they are judged.",
)
