"""Curves of characters, for terminals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from handgrad.languages import Text


@dataclass(frozen=True)
class Series:
    """One line of a curve.

    Attributes:
        name: for the legend.
        values: one for each epoch, from the first.
        dot: the character that draws it.
        plain_dot: the same, of ASCII.
    """

    name: Text
    values: Sequence[float]
    dot: str
    plain_dot: str

    def mark(self, plain: bool) -> str:
        """The character that draws it on such a terminal."""
        return self.plain_dot if plain else self.dot


def curve(lines: Sequence[Series], width: int, height: int, plain: bool = False) -> list[str]:
    """Rows of characters: an axis with its numbers on the left, the epochs below.

    All lines share the axes. Values that are no finite numbers leave a gap. Where several lines
    meet, the last one is seen.

    >>> line = Series(Text(zh="", en=""), [4.0, 2.0, 1.0, 1.0], "•", "o")
    >>> for row in curve([line], 12, 4): print(row)
    4.00 ┤••
         │  •
         │   ••••
    1.00 ┤       ••••••
         └1───────────4
    """
    bounds = [value for line in lines for value in line.values if math.isfinite(value)]
    count = max((len(line.values) for line in lines), default=0)
    if not bounds:
        return []
    low, high = min(bounds), max(bounds)
    rows = [[" "] * (width + 1) for _ in range(height)]
    for line in lines:
        for column, value in _columns(line.values, count, width + 1):
            share = (value - low) / (high - low) if high > low else 0.0
            rows[round((height - 1) * (1 - share))][column] = line.mark(plain)
    return _framed(rows, low, high, count, plain)


def _columns(values: Sequence[float], count: int, width: int) -> list[tuple[int, float]]:
    """The value at each column: straight lines from epoch to epoch."""
    found = []
    for column in range(width):
        at = column * (count - 1) / max(1, width - 1)
        left = math.floor(at)
        right = min(left + 1, len(values) - 1)
        if at <= len(values) - 1:
            value = values[left] + (values[right] - values[left]) * (at - left)
            if math.isfinite(value):
                found.append((column, value))
    return found


def _framed(rows: list[list[str]], low: float, high: float, count: int, plain: bool) -> list[str]:
    tick, side, corner, floor = ("+", "|", "+", "-") if plain else ("┤", "│", "└", "─")
    top, bottom = _number(high), _number(low)
    margin = max(len(top), len(bottom))
    last = len(rows) - 1
    drawn = []
    for i, row in enumerate(rows):
        label = top if i == 0 else bottom if i == last else ""
        line = f"{label:>{margin}} {tick if label else side}{''.join(row)}"
        drawn.append(line.rstrip())
    end = str(count) if count > 1 else ""
    floors = floor * (len(rows[0]) - 1 - len(end))
    return [*drawn, f"{'':>{margin}} {corner}1{floors}{end}"]


def _number(value: float) -> str:
    """Three digits that matter.

    >>> _number(0.012345), _number(1234.5), _number(0.97)
    ('0.0123', '1.23e+03', '0.970')
    """
    return f"{value:#.3g}" if abs(value) < 1000 else f"{value:.3g}"
