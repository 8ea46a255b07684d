"""Breaks a paragraph into lines, in Chinese and English alike.

English breaks at spaces. Chinese may break between any two characters, except that no line begins
with closing punctuation and none ends with an opening bracket.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

NEVER_FIRST = "，。、；：？！）」』】》”’…,.;:?!)]}"
NEVER_LAST = "（「『【《“‘([{"
PIECE = re.compile(
    rf" +|[{re.escape(NEVER_LAST)}]*(?:[^\x00-\u2e7f]|[\x21-\u2e7f]+)[{re.escape(NEVER_FIRST)}]*"
)


def wrapped_lines(paragraph: str, width: int) -> Iterator[str]:
    """The lines of a paragraph, none wider than `width` columns, none ending in a space.

    >>> list(wrapped_lines("one two three", 8))
    ['one two', 'three']
    >>> list(wrapped_lines("对批里的样本求和，得到 M 个数。", 10))
    ['对批里的样', '本求和，得', '到 M 个', '数。']
    """
    line = ""
    for piece in PIECE.findall(paragraph):
        if cell_len(line) + cell_len(piece.rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            yield line.rstrip()
        *whole, line = chop_cells(piece.lstrip(), width) or [""]
        yield from whole
    if line.strip():
        yield line.rstrip()
