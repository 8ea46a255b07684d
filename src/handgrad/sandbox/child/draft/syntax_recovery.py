"""Half-typed code, made to run: lines that Python cannot read are left out, one after the other.

Only for drafts, which are followed while they are typed: what stands above and below the line that is
being written keeps its shapes.
"""

from __future__ import annotations

import re

from ..answer.source import Problem, Source, parse, read_source, source_lines

MOST_LINES = 6


def read_draft(data: bytes) -> tuple[Source, Problem | None]:
    """An answer's source, and the first problem that lines had to be left out for.

    The source's text is the draft's own; its tree is that of what could be read.

    Raises:
        Problem: it cannot be made to run by leaving out a few lines.
    """
    try:
        return read_source(data), None
    except Problem as problem:
        if problem.kind != "syntax-error":
            raise
        first = problem
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise first from None
    lines, fault = source_lines(text)[:], first
    for _ in range(MOST_LINES):
        number = _line_at_fault(fault)
        if not 0 < number <= len(lines) or lines[number - 1].strip() in ("", "pass"):
            break
        lines[number - 1] = _in_place_of(lines[number - 1], fault)
        try:
            return Source(text, parse("\n".join(lines)), None), first
        except Problem as problem:
            fault = problem
    raise first


def _in_place_of(line: str, fault: Problem) -> str:
    """Nothing for a line that is indented too far; else a statement that does nothing."""
    if "unexpected indent" in str(fault.facts.get("reason")):
        return ""
    return line[: len(line) - len(line.lstrip())] + "pass"


def _line_at_fault(problem: Problem) -> int:
    """Where a block is missing behind a colon, it is the colon's line; else the one that is named."""
    found = re.search(
        r"expected an indented block after .* on line (\d+)", str(problem.facts.get("reason"))
    )
    return int(found.group(1)) if found else problem.line or 0
