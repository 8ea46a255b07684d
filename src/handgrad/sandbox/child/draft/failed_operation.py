"""Finds the operation that raised an exception in a draft, and describes its operands.

These are facts for the message that explains a shape error; the judge writes the message.
"""

from __future__ import annotations

import ast
from types import FrameType
from typing import TYPE_CHECKING, Any

from ..answer.exception_report import code_position, innermost
from .instrumentation import InstrumentedTree, number_of, original
from .shape_formula import SIGNS, called, operands
from .tracer import ABSENT, Tracer, attributes, stored
from .value_snapshot import ValueSnapshot, snapshot_of

if TYPE_CHECKING:
    from ...protocol.frames import OperandFields, OperationFields, OperationKind

MOST_NAMES = 900  # NumPy has six hundred
MOST_OPERANDS = 8
DICT_OF_TYPE = type.__dict__["__dict__"].__get__
"""The class's own namespace, whatever a metaclass defines."""


class OperationFinder:
    """Finds the operation that raised, in the draft or in a class that was given to it."""

    def __init__(self, tracer: Tracer, files: dict[str, InstrumentedTree]) -> None:
        self._tracer = tracer
        self._files = files

    def add(self, file: str, source: InstrumentedTree) -> None:
        """Add another file that is traced."""
        self._files[file] = source

    def of(self, error: BaseException) -> OperationFields | None:
        """The innermost operation of a traced file that was running; None where there is none."""
        found = innermost(error, self._files)
        if found is None:
            return None
        code = found.tb_frame.f_code
        source = self._files[code.co_filename]
        node = source.at_position(code_position(found))
        operation = None if node is None else self._of_node(node, found.tb_frame, error)
        statement = source.statements.get(found.tb_lineno)
        if operation is None and statement is not None:
            operation = self._of_statement(statement)
        if operation is not None:
            is_draft = code.co_filename == next(iter(self._files))
            operation["inside"] = "" if is_draft else code.co_qualname[:60]
        return operation

    def _of_node(
        self, node: ast.AST, frame: FrameType, error: BaseException
    ) -> OperationFields | None:
        if isinstance(node, (ast.BinOp, ast.Compare)):
            return self._of_operator(node)
        if isinstance(node, ast.AugAssign):
            target = self._now(node.target, frame)
            return _operation("in-place", SIGNS[type(node.op)], [target, self._operand(node.value)])
        if isinstance(node, ast.Call):
            return self._of_call(node)
        if isinstance(node, ast.Subscript):
            kind: OperationKind = "store" if isinstance(node.ctx, ast.Store) else "index"
            return _operation(kind, "[]", [self._operand(node.value), self._operand(node.slice)])
        if isinstance(node, ast.Attribute):
            return self._of_attribute(node, error)
        if isinstance(node, ast.Name):
            return _of_name(node, frame)
        return None

    def _of_operator(self, node: ast.BinOp | ast.Compare) -> OperationFields:
        if isinstance(node, ast.BinOp):
            sign, parts = SIGNS[type(node.op)], [node.left, node.right]
        else:
            sign, parts = SIGNS.get(type(node.ops[0]), "?"), [node.left, *node.comparators]
        return _operation("operator", sign, [self._operand(part) for part in parts])

    def _of_call(self, node: ast.Call) -> OperationFields:
        operation = _operation(
            "call", called(node), [self._operand(one) for one in operands(node)[:MOST_OPERANDS]]
        )
        operation["named"] = {
            keyword.arg[:60]: self._operand(keyword.value)
            for keyword in node.keywords[:MOST_OPERANDS]
            if keyword.arg is not None
        }
        return operation

    def _of_attribute(self, node: ast.Attribute, error: BaseException) -> OperationFields:
        operation = _operation("attribute", node.attr, [self._operand(node.value)])
        owner = getattr(error, "obj", None) if type(error) is AttributeError else None
        operation["has"] = _names(owner)
        return operation

    def _of_statement(self, node: ast.stmt) -> OperationFields | None:
        """Where no expression failed: an assignment to names with too many values or too few."""
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            count = len(node.targets[0].elts)
            return _operation("unpack", str(count), [self._operand(node.value)])
        return None

    def _operand(self, node: ast.expr) -> OperandFields:
        """An operand: its source text and its value."""
        inner = original(node)
        parts = inner.elts if isinstance(inner, (ast.Tuple, ast.List)) else []
        number = number_of(node)
        snapshot: ValueSnapshot | None = None
        if number is not None:
            snapshot = self._tracer.snapshots.get(number)
        elif isinstance(inner, ast.Constant):
            snapshot = snapshot_of(inner.value)
        operand = _operand_fields(self._tracer.text_of(inner), snapshot)
        operand["parts"] = [self._operand(part) for part in parts[:MOST_OPERANDS]]
        return operand

    def _now(self, node: ast.expr, frame: FrameType) -> OperandFields:
        """The current value of an assignment's target, read without running code of the draft."""
        value: Any = ABSENT
        if isinstance(node, ast.Name):
            value = frame.f_locals.get(node.id, frame.f_globals.get(node.id, ABSENT))
        elif isinstance(node, ast.Attribute):
            owner = original(node.value)
            if isinstance(owner, ast.Name) and owner.id in frame.f_locals:
                value = stored(frame.f_locals[owner.id], node.attr)
        elif isinstance(node, ast.Subscript):
            return self._operand(node.value)
        snapshot = None if value is ABSENT else snapshot_of(value)
        return _operand_fields(self._tracer.text_of(node), snapshot)


def _operation(does: OperationKind, sign: str, operands: list[OperandFields]) -> OperationFields:
    return {
        "does": does,
        "sign": sign[:60],
        "operands": operands,
        "named": {},
        "has": [],
        "self_has": [],
        "inside": "",
    }


def _operand_fields(text: str, snapshot: ValueSnapshot | None) -> OperandFields:
    number = None
    if snapshot is not None and snapshot.entries is not None and snapshot.entries.ndim == 0:
        value = snapshot.entries.item()
        number = value if isinstance(value, int) and abs(value) < 2**53 else None
    fields = (snapshot or ValueSnapshot("object")).fields()
    return {**fields, "text": text, "number": number, "parts": []}


def _of_name(node: ast.Name, frame: FrameType) -> OperationFields:
    """A name without a value: the names that have one, and the attributes of ``self``."""
    operation = _operation("name", node.id, [])
    operation["has"] = [*list(frame.f_locals)[:MOST_NAMES], *list(frame.f_globals)[:MOST_NAMES]]
    operation["self_has"] = _names(frame.f_locals.get("self"))
    return operation


def _names(owner: Any) -> list[str]:
    """The names of an object's own attributes, and of its class's methods."""
    found: list[str] = []
    for table in (attributes(owner), DICT_OF_TYPE(type(owner))):
        names = [name for name in list(table) if type(name) is str and name.isidentifier()]
        found += [name[:60] for name in names if not name.startswith("__")]
    return found[:MOST_NAMES]
