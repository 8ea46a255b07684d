"""One entry of a gradient worked out on paper, number by number."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np


def by_hand(
    class_name: str, array: str, index: tuple[int, ...], inputs: Mapping[str, Any]
) -> str | None:
    """How one entry of y or dx comes about."""
    x, dout = np.asarray(inputs["x"]), np.asarray(inputs["dout"])
    if len(index) != x.ndim:
        return None
    place = f"[{','.join(map(str, index))}]"
    x_here, dout_here = float(x[index]), float(dout[index])
    if class_name == "Relu":
        return _relu(array, place, x_here, dout_here)
    out = 1 / (1 + math.exp(-x_here))
    if array == "y":
        return f"out{place} = 1 / (1 + e^(−x{place})) = {out:.4g}"
    return (
        f"dx{place} = dout{place}·out{place}·(1 − out{place}) = "
        f"{_number(dout_here)}·{out:.4g}·{1 - out:.4g} = {dout_here * out * (1 - out):.4g}"
    )


def _relu(array: str, place: str, x: float, dout: float) -> str:
    if array == "y":
        return f"out{place} = max(0, {x:g}) = {max(0.0, x):g}"
    sign = ">" if x > 0 else "≤"
    gate, result = (1, dout) if x > 0 else (0, 0.0)
    return f"x{place} = {x:g} {sign} 0:  dx{place} = dout{place}·{gate} = {_number(dout)}·{gate} = {result:g}"


def _number(value: float) -> str:
    return f"({value:g})" if value < 0 else f"{value:g}"
