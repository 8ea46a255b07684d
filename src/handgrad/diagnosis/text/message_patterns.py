"""Tables of what Python's and NumPy's messages match, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handgrad.languages import Text, printable


def matching_text(texts: Mapping[str, Text], message: str) -> Text | None:
    """The text of the first pattern that the message matches, filled with the pattern's named groups.

    >>> brackets = {r"unmatched '(?P<a>.)'": Text(zh="多了 {a}。", en="There is a {a} too many.")}
    >>> matching_text(brackets, "unmatched ')' (file, line 3)")["en"]
    'There is a ) too many.'
    """
    for pattern, text in texts.items():
        match = re.search(pattern, message)
        if match:
            return text.format(
                **{name: printable(group) for name, group in match.groupdict().items()}
            )
    return None
