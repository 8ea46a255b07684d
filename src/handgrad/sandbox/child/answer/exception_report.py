"""Reports an exception of the learner's code: type, message, and line and column as the learner counts."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from ...protocol.frames import ExceptionFields

MAX_MESSAGE = 2_000

CodePosition: TypeAlias = tuple[int | None, int | None, int | None, int | None]
"""First and last line, first and last byte column (from 0); None where unknown."""
UNKNOWN: CodePosition = (None, None, None, None)


class SourcePosition(NamedTuple):
    """A position in an answer: line and column from 1, and the line's text."""

    line: int
    column: int | None
    text: str | None


def position_of(error: BaseException, answer_file: str, lines: list[str]) -> SourcePosition | None:
    """The innermost line of the answer that was running, or None where none was: the arguments of the
    call did not fit.
    """
    found = innermost(error, (answer_file,))
    if found is None:
        return None
    line, column = found.tb_lineno, code_position(found)[2]
    if not 0 < line <= len(lines):
        return SourcePosition(line, column, None)
    text = lines[line - 1]
    if column is not None:  # from a column in bytes to one in characters
        column = len(text.encode()[:column].decode(errors="ignore")) + 1
    return SourcePosition(line, column, text[:MAX_MESSAGE])


def report_of(error: BaseException, answer_file: str, lines: list[str]) -> ExceptionFields:
    """An exception as it is sent to the judge."""
    position = position_of(error, answer_file, lines)
    return {
        "type": type(error).__name__[:200],
        "message": _message(error),
        "line": position.line if position else None,
        "column": position.column if position else None,
        "source_line": position.text if position else None,
        "in_answer": position is not None,
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


def innermost(error: BaseException, files: Collection[str]) -> TracebackType | None:
    """The innermost part of the traceback that is code of these files."""
    found, traceback = None, error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename in files:
            found = traceback
        traceback = traceback.tb_next
    return found


def code_position(traceback: TracebackType) -> CodePosition:
    """The position of the expression that was running."""
    if traceback.tb_lasti < 0:
        return UNKNOWN
    positions = traceback.tb_frame.f_code.co_positions()
    return next(itertools.islice(positions, traceback.tb_lasti // 2, None), UNKNOWN)
