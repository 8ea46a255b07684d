"""The course as a learner sees it: what is open, what is passed, statement, hints, draft."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from handgrad.course import Level
from handgrad.lab.markdown_html import html_of
from handgrad.lab.service import Lab
from handgrad.store.learner_progress import LearnerProgress
from handgrad.store.learners import Learner


def course_map(lab: Lab, learner: Learner) -> dict[str, Any]:
    """Every level in short."""
    progress = lab.progress_store.progress(learner.number)
    return {"levels": [summary(lab, level, progress) for level in lab.course.levels]}


def summary(lab: Lab, level: Level, progress: LearnerProgress) -> dict[str, Any]:
    """A level as the map shows it."""
    passed = progress.passed.get(level.name, frozenset())
    return {
        "level": level.name,
        "title": level.title.to_json(),
        "summary": level.summary.to_json(),
        "classes": [judged.name for judged in level.classes],
        "needs": list(level.requires),
        "open": all(is_passed(lab.course.level(name), progress.passed) for name in level.requires),
        "passed": is_passed(level, progress.passed),
        "passed_classes": [j.name for j in level.classes if j.name in passed],
        "revision": level.revision,
        "answers": progress.answers.get(level.name, 0),
    }


def with_page(lab: Lab, level: Level, learner: Learner) -> dict[str, Any]:
    """A level with all that its page shows."""
    shown = lab.progress_store.hints_shown(learner.number, level.name)
    return summary(lab, level, lab.progress_store.progress(learner.number)) | {
        "template": level.template,
        "statement": {
            "zh": html_of(level.statement["zh"]),
            "en": html_of(level.statement["en"]),
        },
        "hints": hints(level, shown),
        "draft": draft(lab, level, learner),
    }


def draft(lab: Lab, level: Level, learner: Learner) -> dict[str, Any] | None:
    """What the learner has typed and saved; None for nothing."""
    saved = lab.progress_store.draft(learner.number, level.name)
    return None if saved is None else {"source": saved.source, "revision": saved.revision}


def hints(level: Level, shown: int) -> dict[str, Any]:
    """How many hints there are, and those that were shown."""
    return {
        "count": len(level.hints),
        "shown": [
            {"zh": html_of(hint["zh"]), "en": html_of(hint["en"])} for hint in level.hints[:shown]
        ],
    }


def is_passed(level: Level, passed: Mapping[str, Collection[str]]) -> bool:
    """Whether every class of a level is among those passed, by level."""
    of_level = passed.get(level.name, ())
    return all(judged.name in of_level for judged in level.classes)
