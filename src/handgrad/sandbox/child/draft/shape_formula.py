"""Describes how a value was computed, in shapes alone: ``(4, 3) · (3, 5) + (5,)``.

Only operations that change a shape appear: products, sums that broadcast one side, reductions and the
like. Elementwise operations on equal shapes are left out.
"""

from __future__ import annotations

import ast

from .instrumentation import TracePoint, number_of, original
from .value_snapshot import Shape, ValueSnapshot

SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.MatMult: "@",
    ast.LShift: "<<", ast.RShift: ">>", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=",
    ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
"""Operators as they are written."""
PRODUCTS = frozenset({"dot", "matmul", "einsum", "tensordot", "inner", "outer", "vdot"})
BROADCASTING = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "true_divide": "/", "power": "**",
}  # fmt: skip
RESHAPING = frozenset(
    {
        "sum", "mean", "max", "min", "amax", "amin", "prod", "std", "var", "argmax", "argmin", "any",
        "all", "reshape", "ravel", "flatten", "squeeze", "expand_dims", "repeat", "tile", "trace",
        "concatenate", "stack", "vstack", "hstack", "broadcast_to", "diag", "nansum",
    }
)  # fmt: skip
PRODUCT = "·"
DEEPEST = 6


def called(node: ast.Call) -> str:
    """The last name of the function: ``dot`` of ``np.dot(…)`` and of ``x.dot(…)``."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def operands(node: ast.Call) -> list[ast.expr]:
    """The operands of a call: the owner of the method (a module, perhaps), then the arguments."""
    owner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
    return [*owner, *node.args]


class ShapeFormulas:
    """Writes formulas from the trace points of a draft and their last values."""

    def __init__(self, points: list[TracePoint], snapshots: dict[int, ValueSnapshot]) -> None:
        self._points = points
        self._snapshots = snapshots

    def of(self, number: int) -> str:
        """The formula of a trace point's value; empty where its shape alone says as much."""
        node, one = self._points[number].node, self._snapshots[number]
        shape = one.shape if one.kind == "array" else None
        formula = "" if node is None else self._chain(node, shape, DEEPEST) or ""
        ending = shape_text(shape or ())
        return "" if formula == ending else formula.removesuffix(f" → {ending}")

    def _snapshot(self, node: ast.expr) -> ValueSnapshot | None:
        """The last value of an expression, where it is traced."""
        number = number_of(node)
        return None if number is None else self._snapshots.get(number)

    def _shape(self, node: ast.expr) -> Shape | None:
        one = self._snapshot(node)
        return one.shape if one is not None and one.kind == "array" else None

    def _chain(self, node: ast.expr, shape: Shape | None, depth: int) -> str | None:
        """The shapes of a value, step by step: ``(4, 5) · (5, 6) → (4, 6)``."""
        node = original(node)
        part = None if depth == 0 else self._changed_by(node)
        if part is None:
            return self._inline(node, shape, depth)
        before = self._shape(part)
        formula = self._chain(part, before, depth - 1)
        ending = shape_text(before or ())
        return ending if formula is None or formula == ending else f"{formula} → {ending}"

    def _changed_by(self, node: ast.expr) -> ast.expr | None:
        """The array whose shape a reduction, a reshape or a transpose changes."""
        if isinstance(node, ast.Attribute) and node.attr == "T":
            return node.value if self._shape(node.value) is not None else None
        if isinstance(node, ast.Call) and called(node) in RESHAPING:
            arrays = self._arrays(operands(node))
            return arrays[0] if len(arrays) == 1 else None
        return None

    def _inline(self, node: ast.expr, shape: Shape | None, depth: int) -> str | None:
        """A product, or an operation that broadcasts one side or has a product in it."""
        node = original(node)
        if depth == 0:
            return None
        if isinstance(node, ast.BinOp):
            sign = PRODUCT if isinstance(node.op, ast.MatMult) else SIGNS[type(node.op)]
            return self._joined(sign, [node.left, node.right], depth)
        if isinstance(node, ast.Compare):
            sign = SIGNS.get(type(node.ops[0]), "?")
            return self._joined(sign, [node.left, *node.comparators], depth)
        if isinstance(node, ast.UnaryOp):
            return self._elementwise([node.operand], shape, depth)
        if isinstance(node, ast.Call):
            return self._of_call(node, shape, depth)
        return None

    def _of_call(self, node: ast.Call, shape: Shape | None, depth: int) -> str | None:
        name, arrays = called(node), self._arrays(operands(node))
        if name in PRODUCTS and len(arrays) >= 2:
            return self._joined(PRODUCT, arrays, depth)
        if name in BROADCASTING and len(arrays) == 2:
            return self._joined(BROADCASTING[name], arrays, depth)
        if name in RESHAPING and not arrays:
            return self._of_several(node)
        return self._elementwise(arrays, shape, depth)

    def _elementwise(self, arrays: list[ast.expr], shape: Shape | None, depth: int) -> str | None:
        """The formula of the one array whose shape an elementwise operation keeps."""
        if len(arrays) == 1 and self._shape(arrays[0]) == shape:
            return self._inline(arrays[0], shape, depth - 1)
        return None

    def _joined(self, sign: str, parts: list[ast.expr], depth: int) -> str | None:
        arrays = self._arrays(parts)
        inside = [self._inline(part, self._shape(part), depth - 1) for part in arrays]
        if len(arrays) < 2:
            return inside[0] if inside else None
        shapes = [self._shape(part) or () for part in arrays]
        if sign != PRODUCT and len(set(shapes)) == 1 and not any(inside):
            return None
        terms = [one or shape_text(s) for one, s in zip(inside, shapes, strict=True)]
        return f" {sign} ".join(terms)

    def _arrays(self, parts: list[ast.expr]) -> list[ast.expr]:
        return [part for part in parts if self._shape(part) is not None]

    def _of_several(self, node: ast.Call) -> str | None:
        """The shapes that a concatenation joins."""
        for part in node.args:
            parts = part.elts if isinstance(part, (ast.List, ast.Tuple)) else []
            shapes = [self._shape(one) for one in parts]
            if shapes and None not in shapes:
                return ", ".join(shape_text(shape or ()) for shape in shapes)
        return None


def shape_text(shape: Shape) -> str:
    """``(4, 5)``, ``(5,)``, ``()``."""
    return str(tuple(shape))
