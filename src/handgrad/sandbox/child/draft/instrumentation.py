"""A draft's syntax tree, rewritten so that every expression tells what it gives.

``dx = np.dot(dout, self.W.T)`` becomes, in effect::

    at(4)                                       # a statement begins
    dx = value(9, np.dot(value(6, dout), value(8, value(7, self.W).T)))

where ``at`` and ``value`` are those of a `tracing.Tracer` and the numbers say which place it is. What
the draft computes stays the same: an expression goes through `value` unchanged, and everything keeps
its line and column, so that a traceback points to what the learner wrote. Annotations, decorators,
defaults, patterns and f-strings are left alone.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any, TypeVar

VALUE = "handgrad_value"
AT = "handgrad_at"
NAMED = "handgrad_named"
STORED = "handgrad_stored"

INNER, ASSIGNED, RETURNED, PARAMETER, ALONE = "inner", "assigned", "returned", "parameter", "alone"
WATCHED = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.Attribute, ast.Subscript, ast.Name)

Position = tuple[int, int, int, int]
Node = TypeVar("Node", bound=ast.AST)


@dataclass(slots=True)
class Place:
    """A place in the source whose values are noted.

    Attributes:
        line: beside which its shape is written.
        role: what the value is for: an operand (`INNER`), assigned, returned, a parameter, or the
            value of an expression that stands alone.
        node: the expression, with its own operands rewritten; None for a name that is assigned.
        name: what it is assigned to; empty where the source's own text says it.
    """

    line: int
    role: str
    node: ast.expr | None
    name: str = ""


@dataclass
class Instrumented:
    """A rewritten tree and its places; place i has the number ``first + i``."""

    tree: ast.Module
    first: int
    places: list[Place]
    others: dict[Position, ast.AST] = field(default_factory=dict)
    statements: dict[int, ast.stmt] = field(default_factory=dict)

    def at_position(self, position: Position) -> ast.AST | None:
        """The node that an instruction of that position belongs to."""
        for place in self.places:
            if place.node is not None and position_of(place.node) == position:
                return place.node
        return self.others.get(position)


def number_of(node: ast.AST) -> int | None:
    """The number of the place that an expression was rewritten for."""
    return getattr(node, "place_number", None)


def unwatched(node: ast.expr) -> ast.expr:
    """The expression as it was before it was sent through `VALUE`."""
    return node.args[1] if isinstance(node, ast.Call) and number_of(node) is not None else node


def position_of(node: ast.AST) -> Position:
    """First and last line, first and last byte column."""
    return node.lineno, node.end_lineno, node.col_offset, node.end_col_offset  # type: ignore[attr-defined]


def instrument(tree: ast.Module, first: int = 0, *, statements: bool = True) -> Instrumented:
    """Rewrite a tree in place.

    Args:
        tree: the source.
        first: the number of its first place.
        statements: also tell where statements begin and what names are given; without, only
            expressions (for classes that are given, whose lines nobody sees).
    """
    rewriting = _Rewriting(first, statements)
    rewritten = rewriting.visit(tree)
    return Instrumented(rewritten, first, rewriting.places, rewriting.others, rewriting.by_line)


def _copied(made: Node, place: ast.AST) -> Node:
    """The location of the learner's own code, for a node that was made."""
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
    """Visits a tree once; statements and expressions are told apart by the methods' names."""

    def __init__(self, first: int, statements: bool) -> None:
        self.first = first
        self.statements = statements
        self.places: list[Place] = []
        self.others: dict[Position, ast.AST] = {}
        self.by_line: dict[int, ast.stmt] = {}

    def _new_place(self, line: int, role: str, node: ast.expr | None, name: str = "") -> int:
        self.places.append(Place(line, role, node, name))
        return self.first + len(self.places) - 1

    def _watch(
        self, node: ast.expr, line: int | None = None, role: str = INNER, name: str = ""
    ) -> ast.expr:
        """Send an expression's value through `VALUE`; what it is for is that of the last who asks."""
        number = number_of(node)
        if number is not None:
            place = self.places[number - self.first]
            place.role, place.name = role, name
            place.line = place.line if line is None else line
            return node
        number = self._new_place(node.lineno if line is None else line, role, node, name)
        call = _copied(_call(VALUE, ast.Constant(number), node), node)
        call.place_number = number  # type: ignore[attr-defined]
        return call

    # Expressions

    def visit(self, node: ast.AST) -> Any:
        """Visit a node; an expression of a kind that is watched is wrapped when its parts are done."""
        rewritten = super().visit(node)
        if isinstance(rewritten, WATCHED) and number_of(rewritten) is None:
            if isinstance(getattr(rewritten, "ctx", None), (ast.Store, ast.Del)):
                self.others[position_of(rewritten)] = rewritten
                return rewritten
            return self._watch(rewritten)
        return rewritten

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """The function itself is no value of interest; what its method belongs to is."""
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
        """Its defaults are left alone."""
        node.body = self.visit(node.body)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """Left alone."""
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        """Its target is stored to."""
        node.iter = self.visit(node.iter)
        node.ifs = [self.visit(condition) for condition in node.ifs]
        return node

    # Statements

    def _body(self, statements: list[ast.stmt], first: int = 0) -> list[ast.stmt]:
        """Statements, each rewritten; the first few are left where they must stand first."""
        rewritten = statements[:first]
        for statement in statements[first:]:
            self.by_line.setdefault(statement.lineno, statement)
            if self.statements:
                begins = ast.Expr(_call(AT, ast.Constant(statement.lineno)))
                rewritten.append(_copied(begins, statement))
            told = self.visit(statement)
            rewritten += told if isinstance(told, list) else [told]
        return rewritten

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """A docstring and imports from ``__future__`` stay first."""
        first = _docstrings(node.body)
        while first < len(node.body) and _is_future(node.body[first]):
            first += 1
        node.body = self._body(node.body, first)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """The parameters are noted where the body begins."""
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
        return self._names_told([(n, ast.Name(n, ast.Load())) for n in names], PARAMETER, node)

    def _names_told(
        self, named: list[tuple[str, ast.expr]], role: str, place: ast.stmt
    ) -> list[ast.stmt]:
        """A statement that notes values under their names."""
        if not named or not self.statements:
            return []
        numbers = [self._new_place(place.lineno, role, None, name) for name, _ in named]
        told = _call(NAMED, ast.Constant(numbers[0]), *(value for _, value in named))
        return [_copied(ast.Expr(told), place)]

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Its bases and decorators are left alone."""
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
        """What it runs over is noted at the beginning of each pass."""
        node.iter = self.visit(node.iter)
        self._blocks(node)
        node.body = self._names_told(_targets([node.target]), ASSIGNED, node) + node.body
        return node

    visit_AsyncFor = visit_For  # type: ignore[assignment]  # noqa: N815 -- they have the same fields

    def visit_With(self, node: ast.With) -> ast.With:
        """What it opens is an expression; the names that it gives are left alone."""
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
        """Patterns are left alone."""
        node.subject = self.visit(node.subject)
        for case in node.cases:
            if case.guard is not None:
                case.guard = self.visit(case.guard)
            case.body = self._body(case.body)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | list[ast.stmt]:
        """One name: the value itself is noted. Several, or an entry: what they hold afterwards."""
        value = self.visit(node.value)
        node.targets = [self.visit(target) for target in node.targets]
        target = node.targets[0]
        if not isinstance(target, (ast.Name, ast.Attribute)):
            node.value = value
            return [node, *self._names_told(_targets(node.targets), ASSIGNED, node)]
        node.value = self._watch(value, node.lineno, ASSIGNED, _last_name(target))
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        """The annotation is left alone."""
        if node.value is not None:
            value = self.visit(node.value)
            node.value = self._watch(value, node.lineno, ASSIGNED, _last_name(node.target))
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        """What it holds afterwards."""
        node.value = self.visit(node.value)
        node.target = self.visit(node.target)
        self.others[position_of(node)] = node
        return [node, *self._names_told(_targets([node.target]), ASSIGNED, node)]

    def visit_Return(self, node: ast.Return) -> ast.Return:
        """What is returned."""
        if node.value is not None:
            node.value = self._watch(self.visit(node.value), node.lineno, RETURNED)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        """An expression that stands alone, unless it is a text or three dots."""
        if not isinstance(node.value, ast.Constant):
            node.value = self.visit(node.value)
            if number_of(node.value) is not None:
                self._watch(node.value, node.lineno, ALONE)
        return node

    def visit_Delete(self, node: ast.Delete) -> ast.Delete:
        """Left alone."""
        return node

    def visit_TypeAlias(self, node: ast.AST) -> ast.AST:
        """Left alone."""
        return node


def _docstrings(body: list[ast.stmt]) -> int:
    """1 where a block begins with a text, else 0."""
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
    """What is assigned to, and how to read it afterwards without running code of the draft's."""
    found: list[tuple[str, ast.expr]] = []
    for target in targets:
        if isinstance(target, (ast.Tuple, ast.List)):
            found += _targets(target.elts)
        elif isinstance(target, ast.Starred):
            found += _targets([target.value])
        elif isinstance(target, ast.Subscript):
            found += _targets([unwatched(target.value)])
        elif isinstance(target, ast.Name):
            found.append((target.id, ast.Name(target.id, ast.Load())))
        elif isinstance(target, ast.Attribute):
            owner = unwatched(target.value)
            if isinstance(owner, ast.Name):
                read = _call(STORED, ast.Name(owner.id, ast.Load()), ast.Constant(target.attr))
                found.append((target.attr, read))
    return found
