"""Loads an answer: runs its source as a module, then checks the methods that the judge calls."""

from __future__ import annotations

import inspect
import linecache
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from . import exception_report
from .imports import IMPORTABLE, guarded_builtins
from .source import AnswerProblem, AnswerSource, class_node, is_unanswered, regions_of_class

if TYPE_CHECKING:
    from ...protocol.frames import CalledClass, JudgedClassFields, ProblemKind

ANSWER_MODULE = "answer"


@dataclass
class LoadedAnswer:
    """An answer in the child: its source and, once it has run, its module's names."""

    file: str
    source: AnswerSource
    names: dict[str, Any] = field(default_factory=dict)

    @property
    def lines(self) -> list[str]:
        """The source's lines."""
        return self.source.lines

    @property
    def class_names(self) -> list[str]:
        """The classes that the answer itself defines, in order of definition."""
        return [
            name
            for name, value in self.names.items()
            if isinstance(value, type) and value.__module__ == ANSWER_MODULE
        ]

    def run(self, helpers: Mapping[str, Any] | None = None) -> None:
        """Run the source as an import would, in a new module.

        `helpers` are additional builtins, for instrumented code.

        Raises:
            AnswerProblem: ``import-error``, ``exited`` or ``exception``, with the report of the
                exception in its facts.
        """
        module = ModuleType(ANSWER_MODULE)
        module.__file__ = self.file
        self.names = vars(module)
        self.names["__builtins__"] = guarded_builtins(ANSWER_MODULE) | dict(helpers or {})
        sys.modules[ANSWER_MODULE] = module
        text = self.source.text
        linecache.cache[self.file] = (len(text), None, text.splitlines(keepends=True), self.file)
        code = self._code
        try:
            exec(code, self.names)
        except BaseException as error:  # an answer may raise anything, SystemExit included
            raise self.problem_of(error) from None

    @cached_property
    def _code(self) -> CodeType:
        try:
            return compile(self.source.tree, self.file, "exec", dont_inherit=True)
        except (
            SyntaxError
        ) as error:  # what only the compiler sees, e.g. `return` outside a function
            raise AnswerProblem(
                "syntax-error", line=error.lineno, column=error.offset, reason=error.msg
            ) from None

    def problem_of(self, error: BaseException) -> AnswerProblem:
        """An exception of the answer's code as a problem."""
        kind: ProblemKind = "exception"
        if isinstance(error, ImportError):
            kind = "import-error"
        elif isinstance(error, SystemExit):
            kind = "exited"
        position = exception_report.position_of(error, self.file, self.lines)
        return AnswerProblem(
            kind,
            line=position.line if position else None,
            column=position.column if position else None,
            raised=exception_report.report_of(error, self.file, self.lines),
            there_is=IMPORTABLE,
        )

    def check_class(self, wanted: CalledClass) -> None:
        """Check that a class can be called the way the level calls it.

        Raises:
            AnswerProblem: ``missing-class``, ``missing-method`` or ``bad-signature``.
        """
        name = wanted["name"]
        found = self.names.get(name)
        if not isinstance(found, type):
            what = None if found is None else type(found).__name__[:200]
            raise AnswerProblem(
                "missing-class", found=[n[:200] for n in self.class_names[:20]], is_a=what
            )
        node = class_node(self.source.tree, name)
        line = node.lineno if node else None
        for method, arguments in wanted["methods"].items():
            function = getattr(found, method, None)
            if not callable(function):
                methods = [n for n, v in vars(found).items() if isinstance(v, FunctionType)]
                raise AnswerProblem("missing-method", line=line, method=method, found=methods[:20])
            is_static = isinstance(inspect.getattr_static(found, method), staticmethod)
            _check_call(function, method, [*([] if is_static else ["self"]), *arguments])
        constructor = inspect.getattr_static(found, "__init__")
        if constructor is not object.__init__ or wanted["constructor"]:
            _check_call(constructor, "__init__", ["self", *wanted["constructor"]], line)

    def is_unanswered(self, wanted: JudgedClassFields) -> bool:
        """Whether the class's region between Begin and End holds no code of the learner's."""
        return is_unanswered(self.source, wanted["name"], wanted["template"])

    def region_lines(self, class_name: str) -> list[list[int]]:
        """First and last line of each region of a class, or of its backward where it has none."""
        found = [[r.first, r.last] for r in regions_of_class(self.source, class_name)]
        node = class_node(self.source.tree, class_name)
        if found or node is None:
            return found
        return [
            [part.lineno, part.end_lineno or part.lineno]
            for part in node.body
            if getattr(part, "name", None) == "backward"
        ]


def _check_call(function: Any, method: str, arguments: list[str], line: int | None = None) -> None:
    """Check that a method can be called with these positional arguments, `self` included."""
    if function is object.__init__:
        takes, fits = ["self"], len(arguments) == 1
    elif not isinstance(function, FunctionType) or _plainly_fits(function, len(arguments)):
        return  # an unusual callable: calling it will show whether it fits
    else:
        signature = inspect.signature(function)
        takes = [str(p) for p in signature.parameters.values()]
        line = function.__code__.co_firstlineno
        try:
            signature.bind(*arguments)
            fits = True
        except TypeError:
            fits = False
    if not fits:
        raise AnswerProblem(
            "bad-signature", line=line, method=method, takes=takes[:20], wanted=arguments
        )


def _plainly_fits(function: FunctionType, count: int) -> bool:
    """A fast check that a function takes so many positional arguments; `inspect` decides when it fails."""
    code = function.__code__
    required = code.co_argcount - len(function.__defaults__ or ())
    is_wrapped = hasattr(function, "__wrapped__") or hasattr(function, "__signature__")
    return required <= count <= code.co_argcount and not code.co_kwonlyargcount and not is_wrapped
