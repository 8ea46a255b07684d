"""What a draft was doing when an exception came: the operation, and what it worked on.

These are facts for the words that explain a shape error; the words are the judge's.
"""

from __future__ import annotations

import ast
import itertools
from types import CodeType, FrameType, TracebackType
from typing import Any

from .instrumentation import Instrumented, number_of, unwatched
from .shape_formula import SIGNS, called, operands
from .traced_value import OBJECT, Noted, noted
from .tracer import ABSENT, Tracer, stored

MOST_NAMES = 900  # NumPy has six hundred
MOST_OPERANDS = 8
DICT_OF_TYPE = type.__dict__["__dict__"].__get__
"""Past whatever a metaclass says."""
Facts = dict[str, Any]


class Operations:
    """Finds the operation that raised, in the draft or in a class that was given to it."""

    def __init__(self, tracer: Tracer, files: dict[str, Instrumented]) -> None:
        self._tracer = tracer
        self._files = files

    def add(self, file: str, source: Instrumented) -> None:
        """A further file that is followed."""
        self._files[file] = source

    def of(self, error: BaseException) -> Facts | None:
        """The innermost operation of a known file that was under way; None where there is none."""
        found = _innermost(error.__traceback__, self._files)
        if found is None:
            return None
        frame, instruction, line = found
        code = frame.f_code
        source = self._files[code.co_filename]
        position = _position(code, instruction)
        node = None if position is None else source.at_position(position)
        facts = None if node is None else self._facts(node, frame, error)
        statement = source.statements.get(line)
        if facts is None and statement is not None:
            facts = self._of_statement(statement)
        if facts is not None:
            facts["inside"] = "" if code.co_filename == next(iter(self._files)) else _name(code)
        return facts

    def _facts(self, node: ast.AST, frame: FrameType, error: BaseException) -> Facts | None:
        if isinstance(node, (ast.BinOp, ast.Compare)):
            return self._of_operator(node)
        if isinstance(node, ast.AugAssign):
            target = self._now(node.target, frame)
            told = [target, self._told(node.value)]
            return {"does": "in-place", "sign": SIGNS[type(node.op)], "operands": told}
        if isinstance(node, ast.Call):
            return self._of_call(node)
        if isinstance(node, ast.Subscript):
            return self._of_index(node)
        if isinstance(node, ast.Attribute):
            return self._of_attribute(node, error)
        if isinstance(node, ast.Name):
            return _of_name(node, frame)
        return None

    def _of_operator(self, node: ast.BinOp | ast.Compare) -> Facts:
        if isinstance(node, ast.BinOp):
            sign, parts = SIGNS[type(node.op)], [node.left, node.right]
        else:
            sign, parts = SIGNS.get(type(node.ops[0]), "?"), [node.left, *node.comparators]
        return {"does": "operator", "sign": sign, "operands": [self._told(one) for one in parts]}

    def _of_call(self, node: ast.Call) -> Facts:
        return {
            "does": "call",
            "sign": called(node)[:60],
            "operands": [self._told(one) for one in operands(node)[:MOST_OPERANDS]],
            "named": {
                keyword.arg[:60]: self._told(keyword.value)
                for keyword in node.keywords[:MOST_OPERANDS]
                if keyword.arg is not None
            },
        }

    def _of_index(self, node: ast.Subscript) -> Facts:
        return {
            "does": "store" if isinstance(node.ctx, ast.Store) else "index",
            "sign": "[]",
            "operands": [self._told(node.value), self._told(node.slice)],
        }

    def _of_attribute(self, node: ast.Attribute, error: BaseException) -> Facts:
        facts = {
            "does": "attribute",
            "sign": node.attr[:60],
            "operands": [self._told(node.value)],
        }
        owner = getattr(error, "obj", None) if type(error) is AttributeError else None
        return facts | {"has": _names(owner)}

    def _of_statement(self, node: ast.stmt) -> Facts | None:
        """Where no expression was at fault itself: names for which there are too many values or few."""
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            count = len(node.targets[0].elts)
            told = self._told(node.value)
            return {"does": "unpack", "sign": str(count), "operands": [told]}
        return None

    def _told(self, node: ast.expr) -> Facts:
        """An operand: its source, and what it was."""
        inner = unwatched(node)
        parts = inner.elts if isinstance(inner, (ast.Tuple, ast.List)) else []
        number = number_of(node)
        one: Noted | None = None
        if number is not None:
            one = self._tracer.notes.get(number)
        elif isinstance(inner, ast.Constant):
            one = noted(inner.value)
        text = self._tracer.text_of(inner)
        return _fact(text, one) | {"parts": [self._told(part) for part in parts[:MOST_OPERANDS]]}

    def _now(self, node: ast.expr, frame: FrameType) -> Facts:
        """A target of an assignment: what it holds, read past the code of the draft's."""
        value: Any = ABSENT
        if isinstance(node, ast.Name):
            value = frame.f_locals.get(node.id, frame.f_globals.get(node.id, ABSENT))
        elif isinstance(node, ast.Attribute):
            owner = unwatched(node.value)
            if isinstance(owner, ast.Name) and owner.id in frame.f_locals:
                value = stored(frame.f_locals[owner.id], node.attr)
        elif isinstance(node, ast.Subscript):
            return self._told(node.value)
        one = None if value is ABSENT else noted(value)
        return _fact(self._tracer.text_of(node), one) | {"parts": []}


def _fact(text: str, one: Noted | None) -> Facts:
    told = (one or Noted(OBJECT)).told()
    value = None
    if one is not None and one.entries is not None and one.entries.ndim == 0:
        number = one.entries.item()
        value = number if isinstance(number, int) and abs(number) < 2**53 else None
    return told | {"text": text, "number": value}


def _of_name(node: ast.Name, frame: FrameType) -> Facts:
    """A name that has no value: which names do, and which attributes ``self`` has."""
    owner = frame.f_locals.get("self")
    return {
        "does": "name",
        "sign": node.id[:60],
        "operands": [],
        "has": [*list(frame.f_locals)[:MOST_NAMES], *list(frame.f_globals)[:MOST_NAMES]],
        "self_has": _names(owner),
    }


def _names(owner: Any) -> list[str]:
    """The names of an object's own attributes, and of its class's methods."""
    found: list[str] = []
    for table in (stored_names(owner), DICT_OF_TYPE(type(owner))):
        names = [name for name in list(table) if type(name) is str and name.isidentifier()]
        found += [name[:60] for name in names if not name.startswith("__")]
    return found[:MOST_NAMES]


def stored_names(owner: Any) -> list[str]:
    """The names of an object's own attributes, without asking its class."""
    try:
        table = object.__getattribute__(owner, "__dict__")
    except AttributeError:
        return []
    return list(table) if type(table) is dict else []


def _innermost(
    traceback: TracebackType | None, files: dict[str, Instrumented]
) -> tuple[FrameType, int, int] | None:
    found = None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename in files:
            found = (traceback.tb_frame, traceback.tb_lasti, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def _position(code: CodeType, instruction: int) -> tuple[int, int, int, int] | None:
    if instruction < 0:
        return None
    positions = itertools.islice(code.co_positions(), instruction // 2, None)
    first, last, column, last_column = next(positions, (None, None, None, None))
    if first is None or last is None or column is None or last_column is None:
        return None
    return first, last, column, last_column


def _name(code: CodeType) -> str:
    return code.co_qualname[:60]
