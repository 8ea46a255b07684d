"""Which levels there are, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from handgrad.course.level import Level
from handgrad.errors import LevelError, UsageError
from handgrad.languages import Text, name_list

OWN_LEVELS = Path(__file__).with_name("levels")


@dataclass(frozen=True)
class Course:
    """Levels in the order in which they are learnt."""

    levels: tuple[Level, ...]

    @cached_property
    def _by_name(self) -> dict[str, Level]:
        return {level.name: level for level in self.levels}

    def level(self, name: str) -> Level:
        """The level of that name.

        Raises:
            UsageError: there is none; the message lists what there is and the nearest name.
        """
        if name in self._by_name:
            return self._by_name[name]
        raise UsageError(
            Text(
                zh="没有名为「{name}」的关卡。{meant}现有的关卡：{names}。",
                en="There is no level named “{name}”. {meant}The levels are: {names}.",
            ).format(name=name, meant=self._meant(name), names=name_list(self._by_name))
        )

    def after(self, name: str) -> Level | None:
        """The level that comes after the one of that name, or None."""
        following = self.levels.index(self.level(name)) + 1
        return self.levels[following] if following < len(self.levels) else None

    def _meant(self, name: str) -> Text:
        import difflib  # only where a name was mistyped  # noqa: PLC0415

        typed = name.lower().replace("_", "-")
        near = difflib.get_close_matches(typed, self._by_name, n=1, cutoff=0.5)
        if not near:
            return Text(zh="", en="")
        return Text(zh="是不是 {near}？", en="Did you mean {near}? ").format(near=near[0])


def load_course(extra_folder: Path | None = None) -> Course:
    """The package's levels, and those of a teacher's folder.

    The folder holds level folders, or is one. A teacher's level may not take the name of another
    one: a learner's verdict would not say which of the two it means.

    Raises:
        LevelError: a level's folder cannot be read, a name is taken twice, or a level needs one
            that is not there or comes later.
        UsageError: the extra folder is not there or holds no level.

    >>> [level.name for level in load_course().levels]
    ['fully-connected', 'activations', 'three-layer-network']
    """
    folders = _level_folders(OWN_LEVELS)
    if extra_folder is not None:
        extra = _level_folders(extra_folder)
        if not extra:
            raise UsageError(
                Text(
                    zh="{folder} 里没有关卡：每个关卡是一个含有 level.toml 的文件夹。",
                    en="There is no level in {folder}: a level is a folder that holds a level.toml.",
                ).format(folder=extra_folder)
            )
        folders = folders + extra
    levels = [Level.load(folder) for folder in folders]
    for problem in _problems(levels):
        raise LevelError(problem)
    return Course(tuple(sorted(levels, key=_place)))


def _level_folders(folder: Path) -> list[Path]:
    inside = sorted(path.parent for path in folder.glob("*/level.toml"))
    return [folder, *inside] if (folder / "level.toml").is_file() else inside


def _place(level: Level) -> tuple[int, str]:
    return level.order, level.name


def _problems(levels: Sequence[Level]) -> Iterator[Text]:
    """The problems that keep these levels from being a course."""
    by_name: dict[str, Level] = {}
    for level in levels:
        if level.name in by_name:
            yield TAKEN.format(
                name=level.name, folder=level.folder, other=by_name[level.name].folder
            )
        by_name.setdefault(level.name, level)
    for level in levels:
        file = level.folder / "level.toml"
        for name in level.requires:
            if name not in by_name:
                yield NO_SUCH_LEVEL.format(file=file, key="requires", name=name)
            elif _place(by_name[name]) >= _place(level):
                yield COMES_LATER.format(file=file, name=name)
        for given in level.given:
            if given.level is None:
                continue
            if given.level not in by_name:
                yield NO_SUCH_LEVEL.format(file=file, key="given", name=given.level)
            elif by_name[given.level].judged_class(given.name) is None:
                yield NOT_WRITTEN_THERE.format(file=file, name=given.name, level=given.level)


TAKEN = Text(
    zh="有两个关卡都叫 {name}：{other} 和 {folder}。请给后一个换一个名字。",
    en="Two levels are named {name}: {other} and {folder}. Give the second one another name.",
)
NO_SUCH_LEVEL = Text(
    zh="{file}：{key} 里写的关卡 {name} 不存在。",
    en="{file}: {key} names the level {name}, which does not exist.",
)
COMES_LATER = Text(
    zh="{file}：requires 里的关卡 {name} 必须排在它前面（order 更小）。",
    en="{file}: requires names the level {name}, which must come before it (a smaller order).",
)
NOT_WRITTEN_THERE = Text(
    zh="{file}：given 里说 {name} 是在关卡 {level} 里写的，但那一关没有这个类。",
    en="{file}: given says that {name} is written in the level {level}, which has no such class.",
)
