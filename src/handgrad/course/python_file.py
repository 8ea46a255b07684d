"""Running a Python file of a level: by its path, so that a folder anywhere on disk will do."""

from __future__ import annotations

import importlib.util
import sys
import zlib
from pathlib import Path
from types import ModuleType

from handgrad.errors import LevelError
from handgrad.languages import Text


def run_python_file(path: Path) -> ModuleType:
    """The module that a file makes. It is the level author's own code, trusted as the level is.

    Raises:
        LevelError: there is no such file, or it raises.
    """
    # Two folders may hold files of one name, so the name is made of the whole path.
    name = f"handgrad_level_{path.stem}_{zlib.crc32(str(path.resolve()).encode()):08x}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise _broken(path, Text(zh="没有这个文件", en="there is no such file"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up there
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever a level's file raises is that level's fault
        del sys.modules[name]
        what = Text(zh="运行时出错：{error}", en="it raises an exception: {error}")
        shown = f"{type(error).__name__}: {error}"
        raise _broken(path, what.format(error=shown)) from error
    return module


def _broken(path: Path, what: Text) -> LevelError:
    return LevelError(
        Text(zh="{path}：{what}。", en="{path}: {what}.").format(path=path, what=what)
    )
