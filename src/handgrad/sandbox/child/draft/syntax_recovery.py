"""Makes half-typed code run by leaving out lines with syntax errors, one after the other.

Only for drafts, which are traced while they are typed: the lines around the one that is being written
keep their shapes.
"""

from __future__ import annotations

import re

from ..answer.source import AnswerProblem, AnswerSource, parse, read_source, source_lines

MOST_LINES = 6


def read_draft(data: bytes) -> tuple[AnswerSource, AnswerProblem | None]:
    """The source of a draft, and the first problem for which lines had to be left out.

    The source's text is the whole draft; its tree is that of the lines that could be parsed.

    Raises:
        AnswerProblem: it cannot be made to run by leaving out a few lines.
    """
    try:
        return read_source(data), None
    except AnswerProblem as problem:
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
        lines[number - 1] = _replacement(lines[number - 1], fault)
        try:
            return AnswerSource(text, parse("\n".join(lines)), None), first
        except AnswerProblem as problem:
            fault = problem
    raise first


def _replacement(line: str, fault: AnswerProblem) -> str:
    """An empty line for one that is indented too far; else ``pass``."""
    if "unexpected indent" in str(fault.facts.get("reason")):
        return ""
    return line[: len(line) - len(line.lstrip())] + "pass"


def _line_at_fault(problem: AnswerProblem) -> int:
    """The line to leave out: the one with the colon where a block is missing after it; else the reported one."""
    found = re.search(
        r"expected an indented block after .* on line (\d+)", str(problem.facts.get("reason"))
    )
    return int(found.group(1)) if found else problem.line or 0
