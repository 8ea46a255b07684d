"""What every route needs to know of a request: the lab, the learner, the level."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from handgrad.course import Level
from handgrad.lab.problems import Problem
from handgrad.lab.service import Lab
from handgrad.languages import Text
from handgrad.store.learners import Learner

NO_SUCH_LEVEL = Text(zh="没有名为「{name}」的关卡。", en="There is no level named “{name}”.")


def _lab(request: Request) -> Lab:
    lab: Lab = request.app.state.lab
    return lab


def _learner(lab: Annotated[Lab, Depends(_lab)]) -> Learner:
    return lab.learners.alone()


def _level(level: str, lab: Annotated[Lab, Depends(_lab)]) -> Level:
    for one in lab.course.levels:
        if one.name == level:
            return one
    raise Problem(404, NO_SUCH_LEVEL.format(name=level))


TheLab = Annotated[Lab, Depends(_lab)]
TheLearner = Annotated[Learner, Depends(_learner)]
TheLevel = Annotated[Level, Depends(_level)]
