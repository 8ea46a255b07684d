"""One level: everything its folder holds, read when it is asked for."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from handgrad.course.planted import PlantedAnswer
from handgrad.errors import LevelError
from handgrad.languages import Text

if TYPE_CHECKING:  # NumPy is loaded only when a level's cases are
    import numpy as np

    from handgrad.checking.case import Case
    from handgrad.checking.mistakes import Mistake

SOURCES = ("forward", "backward", "attribute")


@dataclass(frozen=True)
class JudgedArray:
    """An array that is compared.

    Attributes:
        name: as in the scripts of the level's cases.
        axes: what each axis is, e.g. ``("B", "M")``: B is the batch, other names are parameters'.
        source: returned by ``forward`` or ``backward``, or an ``attribute``.
        label: what it is called in messages.
    """

    name: str
    axes: tuple[str, ...]
    source: str
    label: Text


@dataclass(frozen=True)
class JudgedClass:
    """A class that the answer must define, how it is called, and what is compared, in order."""

    name: str
    constructor: tuple[str, ...]
    methods: Mapping[str, tuple[str, ...]]
    arrays: Mapping[str, JudgedArray]


@dataclass(frozen=True)
class GivenClass:
    """A class that the answer may use; `level` is the one in which a learner writes it."""

    name: str
    level: str | None


@dataclass(frozen=True)
class Level:
    """A level, by its folder. The texts and the Python files are read when first asked for."""

    folder: Path
    name: str
    order: int
    requires: tuple[str, ...]
    title: Text
    summary: Text
    classes: tuple[JudgedClass, ...]
    given: tuple[GivenClass, ...]

    @classmethod
    def load(cls, folder: Path) -> Level:
        """Read a level's ``level.toml``.

        Raises:
            LevelError: the file is not there, is not TOML, or lacks something; the message names it.
        """
        path = folder / "level.toml"
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise _broken(
                path, Text(zh="无法读取：{e}", en="cannot be read: {e}").format(e=error)
            ) from error
        try:
            return cls(
                folder=folder,
                name=str(table["name"]),
                order=int(table["order"]),
                requires=tuple(table.get("requires", ())),
                title=Text(**table["title"]),
                summary=Text(**table["summary"]),
                classes=tuple(_judged_class(entry) for entry in table["classes"]),
                given=tuple(GivenClass(g["name"], g.get("level")) for g in table.get("given", ())),
            )
        except KeyError as error:
            missing = Text(zh="缺少 {key}", en="{key} is missing").format(key=error)
            raise _broken(path, missing) from error
        except (TypeError, ValueError, AttributeError) as error:
            odd = Text(zh="内容不合要求：{e}", en="does not fit: {e}").format(e=error)
            raise _broken(path, odd) from error

    @cached_property
    def revision(self) -> str:
        """Six hexadecimal digits that change with anything in the folder that a verdict rests on."""
        digest = hashlib.sha256()
        for path in sorted(self.folder.glob("*.*")):
            digest.update(path.name.encode() + b"\0")
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
            raise _broken(
                self.folder,
                Text(
                    zh="两种语言的提示条数不同：{zh} 和 {en}",
                    en="the hints differ in number: {zh} in Chinese, {en} in English",
                ).format(zh=len(zh), en=len(en)),
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
        return self._text("given.py") if (self.folder / "given.py").exists() else ""

    @cached_property
    def reference(self) -> Mapping[str, type]:
        """The reference classes, and those given, by name."""
        module = self._module("reference")
        return {name: value for name, value in vars(module).items() if isinstance(value, type)}

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The level's own mistakes, of all its classes."""
        return tuple(getattr(self._module("mistakes"), "MISTAKES", ()))

    def cases(self, class_name: str, rng: np.random.Generator) -> list[Case]:
        """The cases that a class is judged on, drawn from `rng`."""
        drawn: list[Case] = self._module("cases").cases(class_name, rng)
        return drawn

    def judged_class(self, name: str) -> JudgedClass | None:
        """The judged class of that name, or None."""
        return next((judged for judged in self.classes if judged.name == name), None)

    @cached_property
    def wrong_answers(self) -> tuple[PlantedAnswer, ...]:
        """Answers that must fail, each with the verdict that it declares."""
        return self._planted("wrong")

    @cached_property
    def right_answers(self) -> tuple[PlantedAnswer, ...]:
        """Answers in odd styles that must pass."""
        return self._planted("right")

    @property
    def answer_file(self) -> str:
        """The file name a learner's answer is given by default."""
        return self.name.replace("-", "_") + ".py"

    def _planted(self, kind: str) -> tuple[PlantedAnswer, ...]:
        return tuple(PlantedAnswer.load(path) for path in sorted((self.folder / kind).glob("*.py")))

    def _text(self, name: str) -> str:
        path = self.folder / name
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise _broken(
                path, Text(zh="无法读取：{e}", en="cannot be read: {e}").format(e=error)
            ) from error

    def _module(self, name: str) -> ModuleType:
        modules = self.__dict__.setdefault("_modules", {})
        if name not in modules:
            modules[name] = _loaded(
                self.folder / f"{name}.py", f"handgrad_level_{self.name}_{name}"
            )
        module: ModuleType = modules[name]
        return module


def _judged_class(table: dict[str, Any]) -> JudgedClass:
    return JudgedClass(
        name=table["name"],
        constructor=tuple(table["constructor"]),
        methods={name: tuple(arguments) for name, arguments in table["methods"].items()},
        arrays={name: _judged_array(name, entry) for name, entry in table["arrays"].items()},
    )


def _judged_array(name: str, table: dict[str, Any]) -> JudgedArray:
    source = table["from"]
    if source not in SOURCES:
        raise ValueError(f"from = {source!r}; it must be one of {SOURCES}")
    if "label" in table:
        label = Text(**table["label"])
    elif source == "attribute":
        label = Text(zh=f"self.{name}", en=f"self.{name}")
    else:
        label = Text(zh=f"{source} 返回的 {name}", en=f"{name} (returned by {source})")
    return JudgedArray(name, tuple(table["axes"]), source, label)


def _sections(markdown: str) -> list[str]:
    """The texts behind the lines ``## 1``, ``## 2``, …"""
    parts = re.split(r"^## *\d+.*$", markdown, flags=re.MULTILINE)
    return [part.strip() for part in parts[1:]]


def _loaded(path: Path, name: str) -> ModuleType:
    """Run a level's Python file: a teacher's own code, trusted as the level is."""
    spec = importlib.util.spec_from_file_location(re.sub(r"\W", "_", name), path)
    if spec is None or spec.loader is None or not path.exists():
        raise _broken(path, Text(zh="没有这个文件", en="there is no such file"))
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever a level's file raises is that level's fault
        what = Text(zh="运行出错：{e}", en="fails to run: {e}").format(
            e=f"{type(error).__name__}: {error}"
        )
        raise _broken(path, what) from error
    return module


def _broken(path: Path, what: Text) -> LevelError:
    return LevelError(
        Text(zh="{path}：{what}。", en="{path}: {what}.").format(path=path, what=what)
    )
