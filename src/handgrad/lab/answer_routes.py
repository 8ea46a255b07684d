"""Answers: hand one in, wait for its verdicts, read it again, read the history."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from handgrad.lab.asking import TheLab, TheLearner, TheLevel
from handgrad.lab.level_routes import Source
from handgrad.lab.problems import Problem
from handgrad.lab.service import Lab
from handgrad.languages import Text
from handgrad.store.answers import StoredAnswer
from handgrad.store.learners import Learner
from handgrad.store.moments import written

router = APIRouter(prefix="/api")
LONGEST_WAIT = 60.0
NO_SUCH_ANSWER = Text(zh="没有这份答案。", en="There is no such answer.")


@router.post("/levels/{level}/answers")
async def hand_in(
    lab: TheLab,
    learner: TheLearner,
    level: TheLevel,
    handed_in: Source,
    wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT)] = 0,
) -> Response:
    """Store an answer to be judged; with ``wait``, its verdicts if they come in time."""
    source = handed_in.source.encode()
    stored = await run_in_threadpool(lab.answers.add, learner.number, level.name, source)
    event = lab.waiting.enter(stored.number)
    try:
        lab.queue.notify()
        if wait:
            judged = await _wait(lab, learner, stored.number, event, wait)
            if judged is not None:
                return _raw("[" + ",".join(judged.documents) + "]")
    finally:
        lab.waiting.leave(stored.number, event)
    number = stored.number
    return JSONResponse({"answer": number, "address": f"/api/answers/{number}"}, 202)


async def _wait(
    lab: Lab, learner: Learner, number: int, event: asyncio.Event, seconds: float
) -> StoredAnswer | None:
    """The answer, judged; None when it was not in time."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return None
    return await run_in_threadpool(lab.answers.get, number, learner.number)


@router.get("/levels/{level}/answers")
def history(
    lab: TheLab, learner: TheLearner, level: TheLevel, before: int | None = None
) -> dict[str, Any]:
    """The learner's answers to a level, newest first."""
    entries, following = lab.answers.history(learner.number, level.name, before)
    return {
        "answers": [
            {
                "answer": entry.number,
                "submitted_at": written(entry.submitted_at),
                "state": entry.state,
                "verdicts": [verdict.to_json() for verdict in entry.verdicts],
            }
            for entry in entries
        ],
        "next": None
        if following is None
        else f"/api/levels/{level.name}/answers?before={following}",
    }


@router.get("/answers/{number}")
def one_answer(lab: TheLab, learner: TheLearner, number: int) -> Response:
    """An answer of one's own, with its verdicts once it is judged."""
    answer = lab.answers.get(number, learner.number)
    if answer is None:
        raise Problem(404, NO_SUCH_ANSWER)
    told = {
        "answer": answer.number,
        "level": answer.level,
        "state": answer.state,
        "submitted_at": written(answer.submitted_at),
        "source": answer.source.decode(errors="replace"),
    }
    documents = ",".join(answer.documents)
    return _raw(json.dumps(told)[:-1] + f', "verdicts": [{documents}]}}')


def _raw(text: str) -> Response:
    return Response(text, media_type="application/json")
