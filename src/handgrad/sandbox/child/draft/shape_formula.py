"""How a value came about, told in shapes alone: ``(4, 3) · (3, 5) + (5,)``.

Only what changes a shape is told: products, sums that stretch one side, reductions and the like. What
works entry by entry on equal shapes says nothing new and is left out.
"""

from __future__ import annotations

import ast

from .instrumentation import Place, number_of, unwatched
from .traced_value import ARRAY, Noted, Shape

SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.MatMult: "@",
    ast.LShift: "<<", ast.RShift: ">>", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=",
    ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
"""Operators as they are written."""
PRODUCTS = frozenset({"dot", "matmul", "einsum", "tensordot", "inner", "outer", "vdot"})
STRETCHING = {
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
    """What a call works on: what its method belongs to (a module, perhaps), then its arguments."""
    owner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
    return [*owner, *node.args]


class Formulas:
    """Tells formulas, from the places of a draft and what they gave last."""

    def __init__(self, places: list[Place], notes: dict[int, Noted]) -> None:
        self._places = places
        self._notes = notes

    def of(self, number: int) -> str:
        """How the value of a place came about, empty where its shape alone says as much."""
        node, one = self._places[number].node, self._notes[number]
        shape = one.shape if one.kind == ARRAY else None
        told = "" if node is None else self._chain(node, shape, DEEPEST) or ""
        ending = shape_text(shape or ())
        return "" if told == ending else told.removesuffix(f" → {ending}")

    def noted(self, node: ast.expr) -> Noted | None:
        """What an expression gave last, where that was noted."""
        number = number_of(node)
        return None if number is None else self._notes.get(number)

    def _shape(self, node: ast.expr) -> Shape | None:
        one = self.noted(node)
        return one.shape if one is not None and one.kind == ARRAY else None

    def _chain(self, node: ast.expr, shape: Shape | None, depth: int) -> str | None:
        """What shapes a value went through, one after the other: ``(4, 5) · (5, 6) → (4, 6)``."""
        node = unwatched(node)
        part = None if depth == 0 else self._changed_by(node)
        if part is None:
            return self._inline(node, shape, depth)
        before = self._shape(part)
        told = self._chain(part, before, depth - 1)
        ending = shape_text(before or ())
        return ending if told is None or told == ending else f"{told} → {ending}"

    def _changed_by(self, node: ast.expr) -> ast.expr | None:
        """The array that a reduction, a reshape or a transpose gives another shape."""
        if isinstance(node, ast.Attribute) and node.attr == "T":
            return node.value if self._shape(node.value) is not None else None
        if isinstance(node, ast.Call) and called(node) in RESHAPING:
            arrays = self._arrays(operands(node))
            return arrays[0] if len(arrays) == 1 else None
        return None

    def _inline(self, node: ast.expr, shape: Shape | None, depth: int) -> str | None:
        """A product, or a sum and the like that stretches one side or has a product in it."""
        node = unwatched(node)
        if depth == 0:
            return None
        if isinstance(node, ast.BinOp):
            sign = PRODUCT if isinstance(node.op, ast.MatMult) else SIGNS[type(node.op)]
            return self._joined(sign, [node.left, node.right], depth)
        if isinstance(node, ast.Compare):
            sign = SIGNS.get(type(node.ops[0]), "?")
            return self._joined(sign, [node.left, *node.comparators], depth)
        if isinstance(node, ast.UnaryOp):
            return self._passed_through([node.operand], shape, depth)
        if isinstance(node, ast.Call):
            return self._of_call(node, shape, depth)
        return None

    def _of_call(self, node: ast.Call, shape: Shape | None, depth: int) -> str | None:
        name, arrays = called(node), self._arrays(operands(node))
        if name in PRODUCTS and len(arrays) >= 2:
            return self._joined(PRODUCT, arrays, depth)
        if name in STRETCHING and len(arrays) == 2:
            return self._joined(STRETCHING[name], arrays, depth)
        if name in RESHAPING and not arrays:
            return self._of_several(node)
        return self._passed_through(arrays, shape, depth)

    def _passed_through(
        self, arrays: list[ast.expr], shape: Shape | None, depth: int
    ) -> str | None:
        """What leaves the shape of its one array as it is says nothing itself."""
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
        told = [one or shape_text(s) for one, s in zip(inside, shapes, strict=True)]
        return f" {sign} ".join(told)

    def _arrays(self, parts: list[ast.expr]) -> list[ast.expr]:
        return [part for part in parts if self._shape(part) is not None]

    def _of_several(self, node: ast.Call) -> str | None:
        """What a concatenation began with."""
        for part in node.args:
            parts = part.elts if isinstance(part, (ast.List, ast.Tuple)) else []
            shapes = [self._shape(one) for one in parts]
            if shapes and None not in shapes:
                return ", ".join(shape_text(shape or ()) for shape in shapes)
        return None


def shape_text(shape: Shape) -> str:
    """``(4, 5)``, ``(5,)``, ``()``."""
    return str(tuple(shape))
