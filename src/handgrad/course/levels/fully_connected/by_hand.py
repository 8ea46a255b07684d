"""One entry of a gradient worked out on paper, number by number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from handgrad.arrays import Array


def by_hand(
    class_name: str, array: str, index: tuple[int, ...], inputs: Mapping[str, Any]
) -> str | None:
    """The sum that one entry of y, dW, db or dx is; None where it would be too long to read."""
    x = np.asarray(inputs["x"])
    x, W, b, dout = x.reshape(len(x), -1), inputs["W"], inputs["b"], inputs["dout"]
    samples, outputs = range(len(x)), range(W.shape[1])
    if array == "db" and len(index) == 1:
        (m,) = index
        return _sum(f"db[{m}]", [(f"dout[{i},{m}]", dout[i, m]) for i in samples])
    if array == "dW" and len(index) == 2:
        n, m = index
        return _products(
            f"dW[{n},{m}]",
            [(f"x[{i},{n}]", x[i, n], f"dout[{i},{m}]", dout[i, m]) for i in samples],
        )
    if array == "dx" and len(index) == 2:
        i, n = index
        return _products(
            f"dx[{i},{n}]",
            [(f"dout[{i},{m}]", dout[i, m], f"W[{n},{m}]", W[n, m]) for m in outputs],
        )
    if array == "y" and len(index) == 2:
        i, m = index
        terms = [(f"x[{i},{n}]", x[i, n], f"W[{n},{m}]", W[n, m]) for n in range(len(W))]
        return _products(f"y[{i},{m}]", terms, plus=(f"b[{m}]", b[m]))
    return None


def _products(
    name: str,
    terms: Iterable[tuple[str, float, str, float]],
    plus: tuple[str, float] | None = None,
) -> str:
    terms = list(terms)
    names = [f"{a}·{c}" for a, _, c, _ in terms]
    numbers = [f"{_number(v)}·{_number(w)}" for _, v, _, w in terms]
    total = sum(v * w for _, v, _, w in terms)
    if plus is not None:
        names.append(plus[0])
        numbers.append(_number(plus[1]))
        total += plus[1]
    return f"{name} = {' + '.join(names)} = {' + '.join(numbers)} = {total:g}"


def _sum(name: str, terms: Iterable[tuple[str, float]]) -> str:
    terms = list(terms)
    names = " + ".join(term for term, _ in terms)
    numbers = " + ".join(_number(value) for _, value in terms)
    total = sum(value for _, value in terms)
    return (
        f"{name} = {names} = {numbers} = {total:g}"
        if len(terms) > 1
        else f"{name} = {names} = {total:g}"
    )


def _number(value: float | Array) -> str:
    return f"({float(value):g})" if value < 0 else f"{float(value):g}"
