"""Arrays inside arguments: in a dictionary of parameters or a list of tensors.

Each array counts as a separate argument, named by the expression that reads it: ``params['W']``,
``xs[0]``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any


def leaves(value: Any, name: str, is_array: Callable[[Any], bool]) -> Iterator[tuple[str, Any]]:
    """The leaves of a value with their names; the value itself if it holds no array.

    >>> list(leaves({"W": 1.5, "b": [2.5, "c"]}, "p", lambda one: isinstance(one, float)))
    [("p['W']", 1.5), ("p['b'][0]", 2.5), ("p['b'][1]", 'c')]
    >>> list(leaves([1, 2], "shape", lambda one: isinstance(one, float)))
    [('shape', [1, 2])]
    """
    if not holds(value, is_array):
        yield name, value
        return
    for key, one in _items(value):
        yield from leaves(one, f"{name}[{key!r}]", is_array)


def rebuilt(value: Any, name: str, given: Mapping[str, Any]) -> Any:
    """The value with its leaves replaced by those in `given`, by the names of `leaves`.

    >>> rebuilt({"W": 1.5, "b": [2.5, "c"]}, "p", {"p['b'][0]": 0.0})
    {'W': 1.5, 'b': [0.0, 'c']}
    """
    if name in given:
        return given[name]
    if isinstance(value, dict):
        return {key: rebuilt(one, f"{name}[{key!r}]", given) for key, one in value.items()}
    if type(value) in (tuple, list):
        return type(value)(rebuilt(one, f"{name}[{at}]", given) for at, one in enumerate(value))
    return value


def gradients(gradient: Any, value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The gradient of every leaf, from a gradient with the structure of the value.

    If its structure differs, each leaf gets the whole of it. None if there is nothing for the leaf.

    >>> list(gradients({"W": 3.0}, {"W": 1.5, "b": 2.5}, "p"))
    [("p['W']", 3.0), ("p['b']", None)]
    """
    if not isinstance(value, (dict, tuple, list)):
        yield name, gradient
        return
    for key, one in _items(value):
        yield from gradients(_at(gradient, key), one, f"{name}[{key!r}]")


def _items(value: Any) -> Iterator[tuple[Any, Any]]:
    yield from value.items() if isinstance(value, dict) else enumerate(value)


def holds(value: Any, is_array: Callable[[Any], bool]) -> bool:
    """Whether a value is a plain container with an array anywhere inside.

    >>> holds({"x": [1.5]}, lambda one: isinstance(one, float)), holds(1.5, callable)
    (True, False)
    """
    if not (isinstance(value, dict) or type(value) in (tuple, list)):
        return False
    return any(is_array(one) or holds(one, is_array) for _, one in _items(value))


def _at(gradient: Any, key: Any) -> Any:
    if isinstance(gradient, dict):
        return gradient.get(key)
    if isinstance(gradient, (tuple, list)) and isinstance(key, int):
        return gradient[key] if key < len(gradient) else None
    return gradient
