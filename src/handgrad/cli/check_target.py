"""Loads the object that ``handgrad check FILE:NAME`` checks, and draws its inputs."""

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
from handgrad.languages import Text, name_list

Library = Literal["numpy", "torch", "jax"]
SHAPE = re.compile(r"\d+(x\d+)*|scalar")


def load_target(target: str) -> tuple[Any, Path]:
    """Run the file of ``FILE:NAME`` and return the object and the file's path.

    Raises:
        UsageError: there is no such file or name, or the file raises.
    """
    file, colon, name = target.rpartition(":")
    path = Path(file)
    if not colon or not name.isidentifier():
        raise _usage(
            "请写成「文件:名字」，例如 layer.py:FullyConnected；收到的是 {target}。",
            "Write FILE:NAME, such as layer.py:FullyConnected; got {target}.",
            target=target,
        )
    if not path.is_file():
        raise _usage("找不到文件 {file}。", "There is no file {file}.", file=file)
    module = _run(path)
    if not hasattr(module, name):
        there = name_list(n for n, v in vars(module).items() if _is_own(v, module.__name__))
        raise _usage(
            "{file} 里没有定义 {name}。它定义了：{there}。",
            "{file} does not define {name}. It defines: {there}.",
            file=file,
            name=name,
            there=there or "—",
        )
    return getattr(module, name), path


def _run(path: Path) -> Any:
    # Files in different folders may share a name, so the module's name contains a hash of the path.
    name = f"handgrad_check_{path.stem}_{zlib.crc32(str(path.resolve()).encode()):08x}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise _usage("{file} 不是 Python 文件。", "{file} is not a Python file.", file=path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(path.resolve().parent))  # for imports of files beside it
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        place = error if isinstance(error, SyntaxError) else innermost_frame(path, error)
        raise _usage(
            "运行 {place} 时抛出异常：{error}",
            "Running {place} raises {error}",
            place=path if place is None or place.lineno is None else f"{path}:{place.lineno}",
            error=f"{type(error).__name__}: {error}",
        ) from error
    return module


def innermost_frame(path: Path, error: Exception) -> traceback.FrameSummary | None:
    """The innermost frame of the file in the traceback, if there is one."""
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).resolve() == path.resolve()
    ]
    return own[-1] if own else None


def _is_own(value: object, module: str) -> bool:
    return callable(value) and getattr(value, "__module__", None) == module


def library_of(thing: object) -> Library:
    """The library whose arrays an object takes, as far as that can be seen.

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
    """Whether it is a function to differentiate. One without parameters creates a layer."""
    return inspect.isfunction(thing) and bool(inspect.signature(thing).parameters)


def _library_of_function(function: Any) -> Library:
    """The library whose names a function uses, or else one that its file imports."""
    within = function.__globals__
    used = [within.get(name) for name in function.__code__.co_names]
    for value in (*used, *within.values()):
        home = inspect.getmodule(value)
        library = home.__name__.partition(".")[0] if home is not None else ""
        if library in ("torch", "jax"):
            return "jax" if library == "jax" else "torch"
    return "numpy"


def parse_shape(text: str) -> tuple[str | None, tuple[int, ...]]:
    """Parse a shape such as ``4x5``, with an optional name as in ``x=4x5``.

    Raises:
        UsageError: the text is neither.

    >>> parse_shape("x=4x5"), parse_shape("3"), parse_shape("scalar")
    (('x', (4, 5)), (None, (3,)), (None, ()))
    """
    name, equals, sizes = text.rpartition("=")
    if not SHAPE.fullmatch(sizes) or (equals and not name.isidentifier()):
        raise _usage(
            "形状要写成 4x5，带名字时写成 x=4x5；收到的是 {text}。",
            "Write a shape as 4x5, or with a name as x=4x5; got {text}.",
            text=text,
        )
    return name or None, () if sizes == "scalar" else tuple(map(int, sizes.split("x")))


def random_array(
    shape: tuple[int, ...], rng: np.random.Generator, dtype: str, library: Library
) -> Any:
    """An array of the library with Gaussian entries."""
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
        raise _usage(
            "NumPy 没有 bfloat16。请用 --dtype float32，或者 --library torch。",
            "NumPy has no bfloat16. Use --dtype float32, or --library torch.",
        )
    return np.asarray(array, dtype=dtype)


def construct(
    thing: Any, arguments: Iterable[str], draw: Callable[[tuple[int, ...]], Any]
) -> tuple[Any, Callable[[], Any] | None]:
    """An instance and a function that creates more; a thing that is no class is returned as it is.

    Args:
        thing: the object in the file.
        arguments: ``W=5x3`` for a Gaussian array, ``eps:=0.1`` for a value in JSON.
        draw: draws an array of a shape.

    Raises:
        UsageError: an argument cannot be parsed, or the class does not accept it.
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
        named, shape = parse_shape(text)
        if named is None:
            raise _usage(
                "--with 要写成 W=5x3（随机数组）或 eps:=0.1（值）；收到的是 {text}。",
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
            "无法创建 {name}：{error}。请用 --with 给出构造参数，例如 --with W=5x3。",
            "{name} cannot be created: {error}. Pass its arguments, for example --with W=5x3.",
            name=getattr(thing, "__name__", thing),
            error=error,
        ) from error


def _takes_nothing(thing: type) -> bool:
    """Whether a class has to be instantiated; a torch Function does not."""
    torch = sys.modules.get("torch")
    return torch is None or not issubclass(thing, torch.autograd.Function)


def _usage(zh: str, en: str, **values: object) -> UsageError:
    return UsageError(Text(zh=zh, en=en).format(**values))
