"""Which levels there are, and in which order."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from handgrad.course.level import Level
from handgrad.errors import LevelError, UsageError
from handgrad.languages import Text

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
        near = difflib.get_close_matches(
            name.lower().replace("_", "-"), self._by_name, n=1, cutoff=0.5
        )
        meant = (
            Text(zh="是不是 {near}？", en="Did you mean {near}? ").format(near=near[0])
            if near
            else Text(zh="", en="")
        )
        raise UsageError(
            Text(
                zh="没有名为「{name}」的关卡。{meant}现有的关卡：{names}。",
                en="There is no level named “{name}”. {meant}The levels are: {names}.",
            ).format(name=name, meant=meant, names=", ".join(self._by_name))
        )

    def after(self, name: str) -> Level | None:
        """The level that comes after this one, or None."""
        names = [level.name for level in self.levels]
        following = names.index(self.level(name).name) + 1
        return self.levels[following] if following < len(names) else None


def load_course(extra_folder: Path | None = None) -> Course:
    """The package's levels, and those of a teacher's folder behind them.

    A teacher's level may not take the name of another one: a learner's verdict would not say
    which of the two it means.

    Raises:
        LevelError: a level's folder cannot be read, or a name is taken twice.
        UsageError: the extra folder is not there or holds no level.
    """
    folders = _level_folders(OWN_LEVELS)
    if extra_folder is not None:
        extra = _level_folders(extra_folder) if extra_folder.is_dir() else []
        if not extra:
            raise UsageError(
                Text(
                    zh="文件夹 {folder} 里没有关卡：每个关卡是一个含有 level.toml 的子文件夹。",
                    en="There is no level in {folder}: a level is a folder in it that holds a "
                    "level.toml.",
                ).format(folder=extra_folder)
            )
        folders = folders + extra
    return Course(_in_order([Level.load(folder) for folder in folders]))


def _level_folders(parent: Path) -> list[Path]:
    return sorted(path.parent for path in parent.glob("*/level.toml"))


def _in_order(levels: Sequence[Level]) -> tuple[Level, ...]:
    names = [level.name for level in levels]
    for level in levels:
        if names.count(level.name) > 1:
            raise LevelError(
                Text(
                    zh="有两个关卡都叫 {name}；请给 {folder} 里的那个换一个名字。",
                    en="Two levels are named {name}; give the one in {folder} another name.",
                ).format(name=level.name, folder=level.folder)
            )
        for required in level.requires:
            if required not in names:
                raise LevelError(
                    Text(
                        zh="关卡 {name} 要求先通过 {required}，但没有这个关卡。",
                        en="Level {name} requires {required}, which is not there.",
                    ).format(name=level.name, required=required)
                )
    return tuple(sorted(levels, key=lambda level: (level.order, level.name)))
