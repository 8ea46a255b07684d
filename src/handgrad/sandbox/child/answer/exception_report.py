"""An exception of the learner's code, told as the learner sees it: type, words, line and column."""

from __future__ import annotations

import itertools
from types import CodeType, TracebackType
from typing import Any

MAX_MESSAGE = 2_000


def report_of(error: BaseException, answer_file: str) -> dict[str, Any]:
    """What is sent to the parent about an exception.

    The place is the innermost line of the answer that was running. `in_answer` is False when the
    answer was not running at all (the call itself did not fit).
    """
    place = _innermost_place(error.__traceback__, answer_file)
    return {
        "type": type(error).__name__[:200],
        "message": _message(error),
        "line": place[0] if place else None,
        "column": place[1] if place else None,
        "in_answer": place is not None,
        "refused": isinstance(error, PermissionError),
        "out_of_memory": isinstance(error, MemoryError),
        "ended_process": isinstance(error, SystemExit),
        "import_name": getattr(error, "name", None) if isinstance(error, ImportError) else None,
        "is_import_error": isinstance(error, ImportError),
    }


def _message(error: BaseException) -> str:
    try:
        return str(error)[:MAX_MESSAGE]
    except Exception:  # the learner's own __str__ may raise anything
        return ""


def _innermost_place(
    traceback: TracebackType | None, answer_file: str
) -> tuple[int, int | None] | None:
    place = None
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == answer_file:
            place = (traceback.tb_lineno, _column(code, traceback.tb_lasti))
        traceback = traceback.tb_next
    return place


def _column(code: CodeType, instruction: int) -> int | None:
    """The byte column (from 0) where the failing expression begins, or None if unknown."""
    if instruction < 0:
        return None
    positions = itertools.islice(code.co_positions(), instruction // 2, None)
    _, _, column, _ = next(positions, (None, None, None, None))
    return column


def columns_as_seen(report: dict[str, Any], lines: list[str]) -> dict[str, Any]:
    """Turn the byte column into the column a person counts, and add the line itself."""
    line, column = report["line"], report["column"]
    shown = lines[line - 1] if line is not None and 0 < line <= len(lines) else None
    report["source_line"] = None if shown is None else shown[:MAX_MESSAGE]
    if shown is not None and column is not None:
        report["column"] = len(shown.encode()[:column].decode(errors="ignore")) + 1
    return report
