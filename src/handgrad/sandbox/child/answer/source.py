"""The source of an answer: decoding, parsing, and its regions between Begin and End."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Unpack

    from ...protocol.frames import ProblemFacts, ProblemFields, ProblemKind

BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
UNDECLARED_CANDIDATES = ("gb18030", "utf-16-le", "utf-16-be")
DECLARATION = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.MULTILINE)
HEAD_BYTES = 10_000  # enough for two lines; splitting a whole file takes long
MARKER = re.compile(r"^\s*#[\s#*\-=]*(begin|end)[\s#*\-=]*$", re.IGNORECASE)


class AnswerProblem(Exception):
    """Why an answer cannot be run: the kind, line and column, and the facts for the message."""

    def __init__(
        self,
        kind: ProblemKind,
        *,
        line: int | None = None,
        column: int | None = None,
        **facts: Unpack[ProblemFacts],
    ) -> None:
        super().__init__(kind)
        self.kind: ProblemKind = kind
        self.line = line
        self.column = column
        self.facts: ProblemFacts = facts

    def fields(self) -> ProblemFields:
        """The problem as it is sent."""
        return {
            "kind": self.kind,
            "line": self.line,
            "column": self.column,
            "facts": self.facts,
        }


@dataclass(frozen=True)
class AnswerSource:
    """An answer as text.

    `guessed_encoding` is the encoding, where the file did not declare it and is not UTF-8.
    """

    text: str
    tree: ast.Module
    guessed_encoding: str | None

    @property
    def lines(self) -> list[str]:
        """The lines as Python counts them."""
        return source_lines(self.text)


@lru_cache(maxsize=2)
def source_lines(text: str) -> list[str]:
    """Lines as Python's parser counts them: it does not split at form feeds and other separators."""
    return io.StringIO(text, newline=None).read().split("\n")


def read_source(data: bytes) -> AnswerSource:
    """Decode and parse an answer.

    The encoding is that of a byte order mark or a declaration; else UTF-8; else the one candidate
    among GBK (read as its superset GB 18030) and UTF-16 that gives valid Python.

    Raises:
        AnswerProblem: ``encoding-error`` or ``syntax-error``.
    """
    text = _declared_or_utf8(data)
    if text is not None:
        return AnswerSource(text, parse(text), None)
    readable = []
    for encoding in UNDECLARED_CANDIDATES:
        try:
            candidate = data.decode(encoding)
            readable.append(AnswerSource(candidate, parse(candidate), encoding))
        except (UnicodeDecodeError, AnswerProblem):
            continue
    if len(readable) == 1:
        return readable[0]
    raise _undecodable(data, [source.guessed_encoding or "" for source in readable])


def _declared_or_utf8(data: bytes) -> str | None:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding, declared=True)
    if b"\x00" in data:  # only UTF-16 has such bytes in Python source
        return None
    if _declaration(data) is None:
        return _decoded(data, "utf-8", declared=False)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        raise AnswerProblem("encoding-error", line=1, reason=str(error)) from None
    return _decoded(data, encoding, declared=True)


def _declaration(data: bytes) -> re.Match[bytes] | None:
    head = b"\n".join(data[:HEAD_BYTES].splitlines()[:2])
    return DECLARATION.search(head)


def _decoded(data: bytes, encoding: str, *, declared: bool) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if not declared:
            return None
        line = data.count(b"\n", 0, error.start) + 1
        raise AnswerProblem("encoding-error", line=line, declared=encoding) from None
    except LookupError:
        raise AnswerProblem("encoding-error", line=1, declared=encoding) from None


def _undecodable(data: bytes, readable: list[str]) -> AnswerProblem:
    """The problem, at the first byte that is not valid UTF-8."""
    offsets = [data.find(b"\x00")]
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        offsets.append(error.start)
    first = min(offset for offset in offsets if offset >= 0)
    return AnswerProblem(
        "encoding-error", line=data.count(b"\n", 0, first) + 1, candidates=readable
    )


def parse(text: str) -> ast.Module:
    """The syntax tree.

    Raises:
        AnswerProblem: ``syntax-error`` with line and column as the learner counts them (from 1), the
            line itself, and the offending character where Python does not know one.
    """
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise _syntax_problem(error, text) from None
    except ValueError:  # a NUL character
        line = text.count("\n", 0, text.find("\x00")) + 1
        raise AnswerProblem("syntax-error", line=line, reason="NUL", character="\x00") from None
    except (RecursionError, MemoryError):
        raise AnswerProblem("syntax-error", line=1, reason="too deeply nested") from None


def _syntax_problem(error: SyntaxError, text: str) -> AnswerProblem:
    lines = source_lines(text)
    line = error.lineno or 1
    source_line = lines[line - 1] if line <= len(lines) else ""
    character = _foreign_character(source_line, error)
    return AnswerProblem(
        "syntax-error",
        line=line,
        column=error.offset if error.offset and error.offset > 0 else None,
        reason=error.msg,
        tabs=isinstance(error, TabError),
        indentation=isinstance(error, IndentationError),
        character=character,
        source_line=source_line[:2000],
    )


def _foreign_character(source_line: str, error: SyntaxError) -> str | None:
    """The character that Python refused, or a full-width one at the place of the error."""
    refused = re.match(
        r"invalid (?:non-printable )?character '?(.)?'? ?\(?U\+([0-9A-F]+)", error.msg
    )
    if refused:
        return chr(int(refused.group(2), 16))
    if "unterminated string" in error.msg or "invalid syntax" in error.msg:
        column = (error.offset or 1) - 1
        for character in source_line[column : column + 1]:
            if ord(character) > 127 and unicodedata.category(character)[0] in "PSZ":
                return character
    return None


@dataclass(frozen=True)
class Region:
    """The lines between a Begin and the next End marker, both excluded, counted from 1."""

    first: int
    last: int

    def __contains__(self, line: int) -> bool:
        return self.first <= line <= self.last


@lru_cache(maxsize=2)
def regions(text: str) -> list[Region]:
    """Every region of the answer, in order."""
    found, begun = [], None
    for number, line in enumerate(source_lines(text), start=1):
        marker = MARKER.match(line)
        if not marker:
            continue
        if marker.group(1).lower() == "begin":
            begun = number
        elif begun is not None:
            found.append(Region(begun + 1, number - 1))
            begun = None
    return found


def class_node(tree: ast.Module, name: str) -> ast.ClassDef | None:
    """The last definition of a class at the top of the answer: the one that Python would keep."""
    nodes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name]
    return nodes[-1] if nodes else None


def regions_of_class(source: AnswerSource, name: str) -> list[Region]:
    """The regions that lie inside a class."""
    node = class_node(source.tree, name)
    if node is None:
        return []
    last_line = node.end_lineno or node.lineno
    return [r for r in regions(source.text) if node.lineno <= r.first and r.last <= last_line + 1]


def is_unanswered(source: AnswerSource, name: str, template: list[str]) -> bool:
    """Whether every region of the class is the template's own, or holds nothing but `pass`.

    `template` is the template's region, line by line.
    """
    inside = regions_of_class(source, name)
    return bool(inside) and all(_is_empty(source, region, template) for region in inside)


def _is_empty(source: AnswerSource, region: Region, template: list[str]) -> bool:
    lines = source.lines[region.first - 1 : region.last]
    if template and _code_lines(lines) == _code_lines(template):
        return True
    return not any(
        node.lineno in region and not _does_nothing(node)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.stmt)
    )


def _does_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


def _code_lines(lines: list[str]) -> list[str]:
    stripped = (line.strip() for line in lines)
    return [line for line in stripped if line and not line.startswith("#")]
