"""What a level declares of itself: its ``level.toml``, read strictly.

A key that is missing, misspelled or of the wrong type is an error that names the file, the place in it
and what must be there, so that a teacher's mistake does not become a learner's wrong verdict.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from handgrad.errors import LevelError
from handgrad.languages import LANGUAGES, Text, joined, name_list

ATTRIBUTE = "attribute"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class JudgedArray:
    """An array that is compared.

    Attributes:
        name: as in the scripts of the level's cases.
        axes: what each axis is, e.g. ``("B", "M")``: B is the batch, other names are parameters'.
        source: the method that returns it, or ``"attribute"``.
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
class LevelDeclaration:
    """The contents of a ``level.toml``.

    Attributes:
        name: small letters, digits and hyphens, as a learner types it.
        order: levels are learnt in the order of these numbers.
        requires: names of levels to pass before.
        title: a few words.
        summary: a sentence.
        classes: what the answer defines, in the order in which it is judged.
        given: what it may use.
    """

    name: str
    order: int
    requires: tuple[str, ...]
    title: Text
    summary: Text
    classes: tuple[JudgedClass, ...]
    given: tuple[GivenClass, ...]


def read_declaration(path: Path) -> LevelDeclaration:
    """Read a ``level.toml``.

    Raises:
        LevelError: it cannot be read, is not TOML, or does not hold what a level must declare; the
            message names the file, the place and what must hold.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _broken(path, "", UNREADABLE.format(reason=error.strerror or error)) from error
    except UnicodeDecodeError as error:
        raise _broken(path, "", NOT_UTF8) from error
    except tomllib.TOMLDecodeError as error:
        raise _broken(path, "", NOT_TOML.format(reason=error)) from error
    return _declaration(_TomlTable(path, "", content))


def _declaration(table: _TomlTable) -> LevelDeclaration:
    table.holds_only("name", "order", "requires", "title", "summary", "classes", "given")
    name = table.string("name")
    if not NAME.fullmatch(name):
        table.refuse("name", A_LEVEL_NAME)
    classes = tuple(map(_judged_class, table.tables("classes")))
    if not classes:
        table.refuse("classes", SOME_CLASS)
    table.must_differ("classes", [judged.name for judged in classes])
    given = tuple(map(_given_class, table.tables("given", required=False)))
    table.must_differ("given", [one.name for one in given])
    return LevelDeclaration(
        name=name,
        order=table.whole_number("order"),
        requires=table.strings("requires", required=False),
        title=table.text("title"),
        summary=table.text("summary"),
        classes=classes,
        given=given,
    )


def _judged_class(table: _TomlTable) -> JudgedClass:
    table.holds_only("name", "constructor", "methods", "arrays")
    methods = table.table("methods")
    arrays = table.table("arrays")
    if not arrays.content:
        table.refuse("arrays", SOME_ARRAY)
    sources = (*methods.content, ATTRIBUTE)
    return JudgedClass(
        name=table.identifier("name"),
        constructor=table.identifiers("constructor"),
        methods={name: methods.identifiers(name) for name in methods.content},
        arrays={name: _judged_array(name, arrays.table(name), sources) for name in arrays.content},
    )


def _judged_array(name: str, table: _TomlTable, sources: Sequence[str]) -> JudgedArray:
    table.holds_only("axes", "from", "label")
    source = table.string("from")
    if source not in sources:
        table.refuse("from", ONE_OF.format(names=name_list(map(repr, sources))))
    return JudgedArray(
        name=name,
        axes=table.identifiers("axes"),
        source=source,
        label=table.text("label") if "label" in table.content else _label(name, source),
    )


def _label(name: str, source: str) -> Text:
    if source == ATTRIBUTE:
        return Text(zh=f"self.{name}", en=f"self.{name}")
    return Text(zh=f"{source} 返回的 {name}", en=f"{name} (returned by {source})")


def _given_class(table: _TomlTable) -> GivenClass:
    table.holds_only("name", "level")
    level = table.string("level") if "level" in table.content else None
    return GivenClass(table.identifier("name"), level)


class _TomlTable:
    """A table of the file, and its place in the file."""

    def __init__(self, path: Path, place: str, content: dict[str, Any]) -> None:
        self.path = path
        self.place = place
        self.content = content

    def refuse(self, key: str, must: Text) -> NoReturn:
        raise _broken(self.path, self._place_of(key), must.format(key=key))

    def holds_only(self, *keys: str) -> None:
        for key in self.content:
            if key not in keys:
                self.refuse(key, UNKNOWN_KEY.format(keys=name_list(keys)))

    def string(self, key: str) -> str:
        value = self._value(key, A_STRING)
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, A_STRING)
        return value

    def identifier(self, key: str) -> str:
        value = self.string(key)
        if not value.isidentifier():
            self.refuse(key, AN_IDENTIFIER)
        return value

    def whole_number(self, key: str) -> int:
        value = self._value(key, A_NUMBER)
        if type(value) is not int:  # a TOML boolean is an int to isinstance
            self.refuse(key, A_NUMBER)
        return value

    def strings(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        value = self._value(key, STRINGS) if required else self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.refuse(key, STRINGS)
        return tuple(value)

    def identifiers(self, key: str) -> tuple[str, ...]:
        value = self.strings(key)
        if not all(item.isidentifier() for item in value):
            self.refuse(key, IDENTIFIERS)
        return value

    def text(self, key: str) -> Text:
        value = self._value(key, BILINGUAL)
        if not isinstance(value, dict) or set(value) != set(LANGUAGES):
            self.refuse(key, BILINGUAL)
        if not all(isinstance(words, str) for words in value.values()):
            self.refuse(key, BILINGUAL)
        return Text(**value)

    def table(self, key: str) -> _TomlTable:
        value = self._value(key, A_TABLE)
        if not isinstance(value, dict):
            self.refuse(key, A_TABLE)
        return _TomlTable(self.path, self._place_of(key), value)

    def tables(self, key: str, *, required: bool = True) -> list[_TomlTable]:
        value = self._value(key, TABLES) if required else self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.refuse(key, TABLES)
        return [
            _TomlTable(self.path, f"{self._place_of(key)}[{number}]", item)
            for number, item in enumerate(value, start=1)
        ]

    def must_differ(self, key: str, names: Sequence[str]) -> None:
        for name in names:
            if names.count(name) > 1:
                self.refuse(key, TWICE.format(name=name))

    def _value(self, key: str, must: Text) -> Any:
        if key not in self.content:
            self.refuse(key, joined([MISSING, must], SPACE))
        return self.content[key]

    def _place_of(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key


def _broken(path: Path, place: str, must: Text) -> LevelError:
    where = f"{path}: {place}" if place else f"{path}"
    return LevelError(
        Text(zh="{where}：{must}", en="{where}: {must}").format(where=where, must=must)
    )


SPACE = Text(zh="", en=" ")
UNREADABLE = Text(
    zh="无法读取（{reason}）。每个关卡的文件夹里都要有 level.toml。",
    en="It cannot be read ({reason}). A level's folder must contain a level.toml.",
)
NOT_UTF8 = Text(zh="必须是 UTF-8 编码。", en="The file must be encoded in UTF-8.")
NOT_TOML = Text(zh="不是合法的 TOML（{reason}）。", en="The file is not valid TOML ({reason}).")
MISSING = Text(zh="缺少这一项。", en="This key is missing.")
A_STRING = Text(zh="必须是非空的字符串。", en="It must be a string that is not empty.")
A_NUMBER = Text(zh="必须是整数。", en="It must be a whole number.")
STRINGS = Text(zh="必须是字符串的列表。", en="It must be a list of strings.")
AN_IDENTIFIER = Text(zh="必须是合法的 Python 名字。", en="It must be a valid Python name.")
IDENTIFIERS = Text(
    zh="必须是列表，每一项都是合法的 Python 名字。", en="It must be a list of valid Python names."
)
BILINGUAL = Text(
    zh='必须同时有两种语言：{{ zh = "…", en = "…" }}。',
    en='It must be given in both languages: {{ zh = "…", en = "…" }}.',
)
A_TABLE = Text(zh="必须是表。", en="It must be a table.")
TABLES = Text(zh="必须写成 [[{key}]]。", en="It must be written as [[{key}]].")
SOME_CLASS = Text(zh="至少要有一个要评测的类。", en="It must name at least one class to judge.")
SOME_ARRAY = Text(zh="至少要有一个要比较的数组。", en="It must name at least one array to compare.")
ONE_OF = Text(zh="必须是其中之一：{names}。", en="It must be one of {names}.")
TWICE = Text(zh="{name} 出现了两次。", en="It contains {name} twice.")
UNKNOWN_KEY = Text(
    zh="没有这一项；可以有的是：{keys}。", en="There is no such key here; there can be: {keys}."
)
A_LEVEL_NAME = Text(
    zh="关卡名只能用小写字母、数字和连字符，例如 fully-connected。",
    en="A level's name consists of lower-case letters, digits and hyphens, like fully-connected.",
)
