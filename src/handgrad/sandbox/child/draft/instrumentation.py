"""Rewrites a draft's syntax tree so that every expression reports its value.

``dx = np.dot(dout, self.W.T)`` becomes, in effect::

    at(4)                                       # a statement begins
    dx = value(9, np.dot(value(6, dout), value(8, value(7, self.W).T)))

where ``at`` and ``value`` are methods of a `tracer.Tracer` and the numbers identify trace points. The
draft still computes the same: ``value`` returns its argument unchanged, and everything keeps its line
and column, so that a traceback points to what the learner wrote. Annotations, decorators, defaults,
patterns and f-strings are not rewritten.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ...protocol.frames import PointRole
    from ..answer.exception_report import CodePosition

VALUE = "handgrad_value"
AT = "handgrad_at"
NAMED = "handgrad_named"
STORED = "handgrad_stored"

TRACED = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.Attribute, ast.Subscript, ast.Name)

Node = TypeVar("Node", bound=ast.AST)


@dataclass(slots=True)
class TracePoint:
    """An expression or name whose values are recorded.

    Attributes:
        line: the line that shows its shape.
        role: how the value is used, see `PointRole`.
        node: the expression, with its own operands rewritten; None for a name that is assigned.
        name: the name that it is assigned to; empty where the source text is shown instead.
    """

    line: int
    role: PointRole
    node: ast.expr | None
    name: str = ""


@dataclass
class InstrumentedTree:
    """A rewritten tree and its trace points, in the order of their numbers."""

    tree: ast.Module
    points: list[TracePoint]
    others: dict[CodePosition, ast.AST] = field(default_factory=dict)
    statements: dict[int, ast.stmt] = field(default_factory=dict)

    def at_position(self, position: CodePosition) -> ast.AST | None:
        """The node at the position of an instruction."""
        for point in self.points:
            if point.node is not None and position_of(point.node) == position:
                return point.node
        return self.others.get(position)


def number_of(node: ast.AST) -> int | None:
    """The number of the trace point of a rewritten expression."""
    return getattr(node, "point_number", None)


def original(node: ast.expr) -> ast.expr:
    """The expression inside the call of `VALUE`."""
    return node.args[1] if isinstance(node, ast.Call) and number_of(node) is not None else node


def position_of(node: ast.AST) -> CodePosition:
    """First and last line, first and last byte column."""
    return node.lineno, node.end_lineno, node.col_offset, node.end_col_offset  # type: ignore[attr-defined]


def instrument(tree: ast.Module, first: int = 0, *, statements: bool = True) -> InstrumentedTree:
    """Rewrite a tree in place.

    Args:
        tree: the source.
        first: the number of its first trace point.
        statements: also report statements and assigned names; without, only expressions (for given
            classes, whose lines are not shown).
    """
    rewriting = _Rewriting(first, statements)
    rewritten = rewriting.visit(tree)
    return InstrumentedTree(rewritten, rewriting.points, rewriting.others, rewriting.by_line)


def _copied(made: Node, place: ast.AST) -> Node:
    """Give a new node the position of the learner's own code."""
    for node in ast.walk(made):
        if isinstance(node, (ast.expr, ast.stmt)) and not hasattr(node, "lineno"):
            node.lineno = place.lineno  # type: ignore[attr-defined]
            node.end_lineno = place.end_lineno  # type: ignore[attr-defined]
            node.col_offset = place.col_offset  # type: ignore[attr-defined]
            node.end_col_offset = place.end_col_offset  # type: ignore[attr-defined]
    return made


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


class _Rewriting(ast.NodeTransformer):
    """Visits a tree once."""

    def __init__(self, first: int, statements: bool) -> None:
        self.first = first
        self.statements = statements
        self.points: list[TracePoint] = []
        self.others: dict[CodePosition, ast.AST] = {}
        self.by_line: dict[int, ast.stmt] = {}

    def _new_point(self, line: int, role: PointRole, node: ast.expr | None, name: str = "") -> int:
        self.points.append(TracePoint(line, role, node, name))
        return self.first + len(self.points) - 1

    def _trace(
        self,
        node: ast.expr,
        line: int | None = None,
        role: PointRole = "inner",
        name: str = "",
    ) -> ast.expr:
        """Pass an expression's value through `VALUE`; the last caller decides its role."""
        number = number_of(node)
        if number is not None:
            point = self.points[number - self.first]
            point.role, point.name = role, name
            point.line = point.line if line is None else line
            return node
        number = self._new_point(node.lineno if line is None else line, role, node, name)
        call = _copied(_call(VALUE, ast.Constant(number), node), node)
        call.point_number = number  # type: ignore[attr-defined]
        return call

    # Expressions

    def visit(self, node: ast.AST) -> Any:
        """Visit a node; an expression of a traced kind is wrapped after its parts."""
        rewritten = super().visit(node)
        if isinstance(rewritten, TRACED) and number_of(rewritten) is None:
            if isinstance(getattr(rewritten, "ctx", None), (ast.Store, ast.Del)):
                self.others[position_of(rewritten)] = rewritten
                return rewritten
            return self._trace(rewritten)
        return rewritten

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """The function itself is not traced; the owner of a method is."""
        if isinstance(node.func, ast.Attribute):
            node.func.value = self.visit(node.func.value)
            self.others[position_of(node.func)] = node.func
        elif isinstance(node.func, ast.Name):
            self.others[position_of(node.func)] = node.func
        else:
            node.func = self.visit(node.func)
        node.args = [self.visit(argument) for argument in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        """Its defaults are not rewritten."""
        node.body = self.visit(node.body)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """Not rewritten."""
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        """Its target is assigned to."""
        node.iter = self.visit(node.iter)
        node.ifs = [self.visit(condition) for condition in node.ifs]
        return node

    # Statements

    def _body(self, statements: list[ast.stmt], first: int = 0) -> list[ast.stmt]:
        """Rewritten statements; the first few must stay first."""
        rewritten = statements[:first]
        for statement in statements[first:]:
            self.by_line.setdefault(statement.lineno, statement)
            if self.statements:
                begins = ast.Expr(_call(AT, ast.Constant(statement.lineno)))
                rewritten.append(_copied(begins, statement))
            visited = self.visit(statement)
            rewritten += visited if isinstance(visited, list) else [visited]
        return rewritten

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """A docstring and imports from ``__future__`` stay first."""
        first = _docstrings(node.body)
        while first < len(node.body) and _is_future(node.body[first]):
            first += 1
        node.body = self._body(node.body, first)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """The parameters are recorded where the body begins."""
        first = _docstrings(node.body)
        body = self._body(node.body, first)
        if self.statements:
            body[first:first] = self._parameters(node)
        node.body = body
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]  # noqa: N815 -- they have the same fields

    def _parameters(self, node: ast.FunctionDef) -> list[ast.stmt]:
        given = node.args
        names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        names = [name for name in names if name not in ("self", "cls")]
        return self._named_values([(n, ast.Name(n, ast.Load())) for n in names], "parameter", node)

    def _named_values(
        self, named: list[tuple[str, ast.expr]], role: PointRole, place: ast.stmt
    ) -> list[ast.stmt]:
        """A statement that records values under their names."""
        if not named or not self.statements:
            return []
        numbers = [self._new_point(place.lineno, role, None, name) for name, _ in named]
        call = _call(NAMED, ast.Constant(numbers[0]), *(value for _, value in named))
        return [_copied(ast.Expr(call), place)]

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Its bases and decorators are not rewritten."""
        node.body = self._body(node.body, _docstrings(node.body))
        return node

    def _blocks(self, node: Any) -> None:
        for block in ("body", "orelse", "finalbody"):
            if getattr(node, block, None):
                setattr(node, block, self._body(getattr(node, block)))

    def visit_If(self, node: ast.If) -> ast.If:
        """Both branches."""
        node.test = self.visit(node.test)
        self._blocks(node)
        return node

    visit_While = visit_If  # type: ignore[assignment]  # noqa: N815 -- it has the same fields

    def visit_For(self, node: ast.For) -> ast.For:
        """Its targets are recorded at the beginning of each iteration."""
        node.iter = self.visit(node.iter)
        self._blocks(node)
        node.body = self._named_values(_targets([node.target]), "assigned", node) + node.body
        return node

    visit_AsyncFor = visit_For  # type: ignore[assignment]  # noqa: N815 -- they have the same fields

    def visit_With(self, node: ast.With) -> ast.With:
        """The context expressions are traced, their targets are not."""
        for item in node.items:
            item.context_expr = self.visit(item.context_expr)
        self._blocks(node)
        return node

    visit_AsyncWith = visit_With  # type: ignore[assignment]  # noqa: N815 -- they have the same fields

    def visit_Try(self, node: ast.Try) -> ast.Try:
        """All its blocks."""
        self._blocks(node)
        for handler in node.handlers:
            handler.body = self._body(handler.body)
        return node

    visit_TryStar = visit_Try  # type: ignore[assignment]  # noqa: N815 -- they have the same fields

    def visit_Match(self, node: ast.Match) -> ast.Match:
        """Patterns are not rewritten."""
        node.subject = self.visit(node.subject)
        for case in node.cases:
            if case.guard is not None:
                case.guard = self.visit(case.guard)
            case.body = self._body(case.body)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | list[ast.stmt]:
        """For one name the assigned value is recorded; for several, or an entry, what they hold afterwards."""
        value = self.visit(node.value)
        node.targets = [self.visit(target) for target in node.targets]
        target = node.targets[0]
        if not isinstance(target, (ast.Name, ast.Attribute)):
            node.value = value
            return [node, *self._named_values(_targets(node.targets), "assigned", node)]
        node.value = self._trace(value, node.lineno, "assigned", _last_name(target))
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        """The annotation is not rewritten."""
        if node.value is not None:
            value = self.visit(node.value)
            node.value = self._trace(value, node.lineno, "assigned", _last_name(node.target))
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        """Its target is recorded afterwards."""
        node.value = self.visit(node.value)
        node.target = self.visit(node.target)
        self.others[position_of(node)] = node
        return [node, *self._named_values(_targets([node.target]), "assigned", node)]

    def visit_Return(self, node: ast.Return) -> ast.Return:
        """The returned value."""
        if node.value is not None:
            node.value = self._trace(self.visit(node.value), node.lineno, "returned")
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        """An expression statement, unless it is a constant."""
        if not isinstance(node.value, ast.Constant):
            node.value = self.visit(node.value)
            if number_of(node.value) is not None:
                self._trace(node.value, node.lineno, "alone")
        return node

    def visit_Delete(self, node: ast.Delete) -> ast.Delete:
        """Not rewritten."""
        return node

    def visit_TypeAlias(self, node: ast.AST) -> ast.AST:
        """Not rewritten."""
        return node


def _docstrings(body: list[ast.stmt]) -> int:
    """1 where a block begins with a docstring, else 0."""
    first = body[0] if body else None
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return int(is_text and isinstance(first.value.value, str))  # type: ignore[union-attr]  # as is_text says


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _last_name(target: ast.expr) -> str:
    """``dW`` of ``dW`` and of ``self.dW``."""
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""


def _targets(targets: list[ast.expr]) -> list[tuple[str, ast.expr]]:
    """The names assigned to, and how to read each afterwards without running code of the draft."""
    found: list[tuple[str, ast.expr]] = []
    for target in targets:
        if isinstance(target, (ast.Tuple, ast.List)):
            found += _targets(target.elts)
        elif isinstance(target, ast.Starred):
            found += _targets([target.value])
        elif isinstance(target, ast.Subscript):
            found += _targets([original(target.value)])
        elif isinstance(target, ast.Name):
            found.append((target.id, ast.Name(target.id, ast.Load())))
        elif isinstance(target, ast.Attribute):
            owner = original(target.value)
            if isinstance(owner, ast.Name):
                read = _call(STORED, ast.Name(owner.id, ast.Load()), ast.Constant(target.attr))
                found.append((target.attr, read))
    return found
