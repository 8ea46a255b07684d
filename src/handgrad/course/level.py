"""One level: everything its folder holds, read when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handgrad.course.level_declaration import JudgedClass, LevelDeclaration, read_declaration
from handgrad.course.planted_answer import PlantedAnswer
from handgrad.errors import LevelError
from handgrad.languages import Text

if TYPE_CHECKING:  # NumPy is loaded only when a level's cases are
    from types import ModuleType

    import numpy as np

    from handgrad.diagnosis.case import Case
    from handgrad.diagnosis.mistakes import Mistake

PLANTED_FOLDERS = ("right", "wrong")


@dataclass(frozen=True)
class Level(LevelDeclaration):
    """A level: what it declares, and its folder. Texts and Python files are read on first use.

    >>> from handgrad.course import load_course
    >>> level = load_course().level("fully-connected")
    >>> [judged.name for judged in level.classes]
    ['FullyConnected']
    """

    folder: Path

    @classmethod
    def load(cls, folder: Path) -> Level:
        """Read a level's ``level.toml``.

        Raises:
            LevelError: it does not exist or is not valid; the message says why.
        """
        return cls(**vars(read_declaration(folder / "level.toml")), folder=folder)

    @cached_property
    def revision(self) -> str:
        """Six hexadecimal digits that change with any file of the level but the planted answers.

        Line ends do not count: a checkout on Windows has the same revision.
        """
        import hashlib  # a fifth of the time that listing the levels may take  # noqa: PLC0415

        digest = hashlib.sha256()
        for path in self._files():
            digest.update(path.relative_to(self.folder).as_posix().encode() + b"\0")
            digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
        return digest.hexdigest()[:6]

    @cached_property
    def statement(self) -> Text:
        """The full explanation, in Markdown with maths."""
        return Text(zh=self._text("statement.zh.md"), en=self._text("statement.en.md"))

    @cached_property
    def hints(self) -> tuple[Text, ...]:
        """The hints, in the order in which they unlock."""
        zh, en = (_sections(self._text(f"hints.{language}.md")) for language in ("zh", "en"))
        if len(zh) != len(en):
            raise LevelError(
                Text(
                    zh="{folder}：两种语言的提示条数必须相同，hints.zh.md 有 {zh} 条，hints.en.md 有 {en} 条。",
                    en="{folder}: both languages must have the same number of hints; there are "
                    "{zh} in hints.zh.md and {en} in hints.en.md.",
                ).format(folder=self.folder, zh=len(zh), en=len(en))
            )
        return tuple(Text(zh=a, en=b) for a, b in zip(zh, en, strict=True))

    @cached_property
    def template(self) -> str:
        """What a learner starts from."""
        return self._text("template.py")

    @cached_property
    def solution(self) -> str:
        """The template, answered."""
        return self._text("solution.py")

    @cached_property
    def given_source(self) -> str:
        """The source of the given classes; public, and empty where there are none."""
        return self._text("given.py") if self.given else ""

    @cached_property
    def reference(self) -> Mapping[str, type]:
        """The reference classes by name: those judged, and those given."""
        names = [*(one.name for one in self.classes), *(one.name for one in self.given)]
        return {name: self._defined("reference.py", name) for name in names}

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The level's own mistakes, of all its classes."""
        return tuple(self._defined("mistakes.py", "MISTAKES"))

    def cases(self, class_name: str, rng: np.random.Generator) -> list[Case]:
        """The cases that a class is judged on, drawn from `rng`."""
        cases: list[Case] = self._defined("cases.py", "cases")(class_name, rng)
        return cases

    def small_cases(self, class_name: str, rng: np.random.Generator) -> list[Case]:
        """The cases from which a counterexample for pencil and paper is taken; a level may have none."""
        draw = self._optional("cases.py", "small_cases")
        return [] if draw is None else list(draw(class_name, rng))

    def large_case(self, class_name: str, rng: np.random.Generator) -> Case | None:
        """A case so large that a loop over entries shows; a level may have none."""
        draw = self._optional("cases.py", "large_case")
        return None if draw is None else draw(class_name, rng)

    def draft_case(self, class_name: str, rng: np.random.Generator) -> Case | None:
        """The small case that a draft is run on while it is typed; a level may have none of its own."""
        draw = self._optional("cases.py", "draft_case")
        return None if draw is None else draw(class_name, rng)

    def by_hand(
        self, class_name: str, array: str, index: tuple[int, ...], case: Case
    ) -> str | None:
        """One entry of an array worked out by hand, where the level can say how."""
        work_out = self._optional("by_hand.py", "by_hand")
        return None if work_out is None else work_out(class_name, array, index, case.inputs)

    def judged_class(self, name: str) -> JudgedClass | None:
        """The judged class of that name, or None."""
        return next((judged for judged in self.classes if judged.name == name), None)

    @cached_property
    def wrong_answers(self) -> tuple[PlantedAnswer, ...]:
        """Answers that must fail, each with the verdict that it declares."""
        return self._planted("wrong")

    @cached_property
    def right_answers(self) -> tuple[PlantedAnswer, ...]:
        """Right answers in unusual styles, which must pass."""
        return self._planted("right")

    @property
    def answer_file(self) -> str:
        """The file name a learner's answer is given by default."""
        return self.name.replace("-", "_") + ".py"

    def _files(self) -> list[Path]:
        """The files of the level but for planted answers, caches and what an editor leaves."""
        aside = (*PLANTED_FOLDERS, "__pycache__")
        found = [
            path
            for path in self.folder.rglob("*")
            if path.is_file()
            and not path.name.startswith(".")
            and not path.name.endswith("~")
            and path.relative_to(self.folder).parts[0] not in aside
        ]
        return sorted(found, key=lambda path: path.relative_to(self.folder).as_posix())

    def _planted(self, kind: str) -> tuple[PlantedAnswer, ...]:
        return tuple(PlantedAnswer.load(path) for path in sorted((self.folder / kind).glob("*.py")))

    def _text(self, name: str) -> str:
        path = self.folder / name
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise LevelError(
                Text(
                    zh="{path}：无法读取（{reason}）。每个关卡都要有这个文件，编码是 UTF-8。",
                    en="{path}: cannot be read ({reason}). Every level must have this file, in UTF-8.",
                ).format(path=path, reason=reason)
            ) from error

    def _defined(self, file: str, name: str) -> Any:
        """What a Python file of the level defines under a name."""
        module = self._module(file)
        if not hasattr(module, name):
            raise LevelError(
                Text(zh="{path}：必须定义 {name}。", en="{path}: must define {name}.").format(
                    path=self.folder / file, name=name
                )
            )
        return getattr(module, name)

    def _optional(self, file: str, name: str) -> Any:
        """The same, or None where the level does not define it."""
        if not (self.folder / file).is_file():
            return None
        return getattr(self._module(file), name, None)

    def _module(self, file: str) -> ModuleType:
        """A Python file of the level, run once."""
        from handgrad.course.python_file import run_python_file  # only where needed  # noqa: PLC0415

        if file not in self._modules:
            self._modules[file] = run_python_file(self.folder / file)
        return self._modules[file]

    @cached_property
    def _modules(self) -> dict[str, ModuleType]:
        return {}


def _sections(markdown: str) -> list[str]:
    """The texts behind the lines ``## 1``, ``## 2``, …"""
    parts = re.split(r"^## *\d+.*$", markdown, flags=re.MULTILINE)
    return [part.strip() for part in parts[1:]]
