"""Who is there: the session, and for several learners signing in, joining and the class."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

import handgrad
from handgrad.lab.asking import TheLab, TheLearner

router = APIRouter(prefix="/api")


@router.get("/session")
def session(lab: TheLab, learner: TheLearner) -> dict[str, Any]:
    """Who is signed in, and what this lab can do."""
    return {
        "learner": {"name": learner.name, "teacher": learner.role == "teacher"},
        "class": lab.settings.is_class,
        "isolation": lab.queue.wait_until_warm(),
        "judges": True,
        "notice": None,
        "handgrad": handgrad.__version__,
        "instance": lab.instance,
    }
