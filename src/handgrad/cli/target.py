"""What ``handgrad check FILE:NAME`` is pointed at, and the arrays it is called with."""

from __future__ import annotations

import importlib.util
import inspect
import json
import re
import sys
import traceback
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal

import numpy as np

from handgrad.errors import UsageError
from handgrad.languages import Text

Library = Literal["numpy", "torch", "jax"]
SHAPE = re.compile(r"\d+(x\d+)*|scalar")


def load(target: str) -> tuple[Any, Path]:
    """The object that ``FILE:NAME`` names, and its file, which is run.

    Raises:
        UsageError: no such file or name, or the file raises.
    """
    file, colon, name = target.rpartition(":")
    path = Path(file)
    if not colon or not name.isidentifier():
        raise _usage(
            "要写成 文件:名字，例如 layer.py:FullyConnected，收到的是 {target}。",
            "Write FILE:NAME, such as layer.py:FullyConnected; got {target}.",
            target=target,
        )
    if not path.is_file():
        raise _usage("找不到文件 {file}。", "There is no file {file}.", file=file)
    module = _run(path)
    if not hasattr(module, name):
        there = ", ".join(n for n, v in vars(module).items() if _is_own(v, module.__name__))
        raise _usage(
            "{file} 里没有 {name}；其中有：{there}。",
            "{file} has no {name}; it has: {there}.",
            file=file,
            name=name,
            there=there or "—",
        )
    return getattr(module, name), path


def _run(path: Path) -> Any:
    # Two files may have one name, so the module's is made of the whole path.
    name = f"handgrad_check_{path.stem}_{zlib.crc32(str(path.resolve()).encode()):08x}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise _usage("{file} 不是 Python 文件。", "{file} is not a Python file.", file=path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(path.resolve().parent))  # what it imports lies beside it
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        line = _line_in(path, error)
        raise _usage(
            "运行 {file} 时抛出异常（第 {line} 行）：{error}",
            "Running {file} raises (line {line}): {error}",
            file=path,
            line=line,
            error=f"{type(error).__name__}: {error}",
        ) from error
    return module


def _line_in(path: Path, error: Exception) -> int | None:
    """The line of the file at which it went wrong, also where it cannot even be read."""
    if isinstance(error, SyntaxError):
        return error.lineno
    own = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).resolve() == path.resolve()
    ]
    return own[-1] if own else None


def _is_own(value: object, module: str) -> bool:
    return callable(value) and getattr(value, "__module__", None) == module


def library_of(thing: object) -> Library:
    """Whose arrays a thing is called with, as far as it shows.

    >>> library_of(len)
    'numpy'
    """
    torch = sys.modules.get("torch")
    if torch is not None:
        kinds = (torch.autograd.Function, torch.nn.Module)
        if isinstance(thing, kinds) or (isinstance(thing, type) and issubclass(thing, kinds)):
            return "torch"
    if type(thing).__module__.startswith("jax"):
        return "jax"
    return _library_of_function(thing) if _takes_inputs(thing) else "numpy"


def _takes_inputs(thing: object) -> bool:
    """Whether it is a function to be differentiated: one without arguments makes a layer."""
    return inspect.isfunction(thing) and bool(inspect.signature(thing).parameters)


def _library_of_function(function: Any) -> Library:
    """Whose names a plain function uses; else what its file imports."""
    within = function.__globals__
    used = [within.get(name) for name in function.__code__.co_names]
    for value in (*used, *within.values()):
        home = inspect.getmodule(value)
        library = home.__name__.partition(".")[0] if home is not None else ""
        if library in ("torch", "jax"):
            return "jax" if library == "jax" else "torch"
    return "numpy"


def shaped(text: str) -> tuple[str | None, tuple[int, ...]]:
    """A name, if there is one, and a shape.

    Raises:
        UsageError: it is neither ``4x5`` nor ``x=4x5``.

    >>> shaped("x=4x5"), shaped("3"), shaped("scalar")
    (('x', (4, 5)), (None, (3,)), (None, ()))
    """
    name, equals, sizes = text.rpartition("=")
    if not SHAPE.fullmatch(sizes) or (equals and not name.isidentifier()):
        raise _usage(
            "形状要写成 4x5，或带名字 x=4x5，收到的是 {text}。",
            "Write a shape as 4x5, or with a name as x=4x5; got {text}.",
            text=text,
        )
    return name or None, () if sizes == "scalar" else tuple(map(int, sizes.split("x")))


def drawn(shape: tuple[int, ...], rng: np.random.Generator, dtype: str, library: Library) -> Any:
    """A Gaussian array of a library's own."""
    array = rng.normal(size=shape)
    if library == "torch":
        import torch

        return torch.from_numpy(np.asarray(array)).to(getattr(torch, dtype))
    if library == "jax":
        import jax

        if dtype == "float64":
            settings: Any = jax.config
            settings.update("jax_enable_x64", True)
        return jax.numpy.asarray(array, dtype=dtype)
    if dtype == "bfloat16":
        raise _usage("NumPy 没有 bfloat16。", "NumPy has no bfloat16.")
    return np.asarray(array, dtype=dtype)


def made(
    thing: Any, arguments: Iterable[str], draw: Callable[[tuple[int, ...]], Any]
) -> tuple[Any, Callable[[], Any] | None]:
    """The thing itself, or a class made with its arguments: an instance, and how to make another.

    Args:
        thing: what the file holds.
        arguments: ``W=5x3`` gives a Gaussian array, ``eps:=0.1`` the value itself, in JSON.
        draw: makes an array of a shape.

    Raises:
        UsageError: an argument cannot be read, or the class does not take it.
    """
    values: dict[str, Any] = {}
    for text in arguments:
        name, is_value, literal = text.partition(":=")
        if is_value:
            try:
                values[name] = json.loads(literal)
            except ValueError:
                values[name] = literal
            continue
        named, shape = shaped(text)
        if named is None:
            raise _usage(
                "--with 要写成 W=5x3（随机数组）或 eps:=0.1（值），收到的是 {text}。",
                "Write --with as W=5x3 (a random array) or eps:=0.1 (a value); got {text}.",
                text=text,
            )
        values[named] = draw(shape)
    if not values and not (isinstance(thing, type) and _takes_nothing(thing)):
        return thing, None

    def make() -> Any:
        return thing(**values)

    try:
        return make(), make
    except TypeError as error:
        raise _usage(
            "不能这样创建 {name}：{error}。用 --with 给出参数，例如 --with W=5x3。",
            "{name} cannot be made so: {error}. Give its arguments by --with, such as --with W=5x3.",
            name=getattr(thing, "__name__", thing),
            error=error,
        ) from error


def _takes_nothing(thing: type) -> bool:
    """Whether it is a class to be made an instance of; a Function of torch never is one."""
    torch = sys.modules.get("torch")
    return torch is None or not issubclass(thing, torch.autograd.Function)


def _usage(zh: str, en: str, **values: object) -> UsageError:
    return UsageError(Text(zh=zh, en=en).format(**values))
