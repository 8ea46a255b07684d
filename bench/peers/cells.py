"""Counts that are kept while they are taken, so that a long run can be continued."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


class Cells:
    """Counts by what was counted, kept in a file while they are taken."""

    def __init__(self, path: Path | None, again: Iterable[str]) -> None:
        self.path = path
        kept = json.loads(path.read_text()) if path is not None and path.exists() else {}
        self.kept = {key: value for key, value in kept.items() if key.split("|")[1] not in again}

    def get(self, key: str, count: Callable[[], Any]) -> Any:
        """The count under ``part|checker|case``, taken now if it never was."""
        if key not in self.kept:
            self.kept[key] = count()
            print("  ", key, self.kept[key], flush=True)
            if self.path is not None:
                self.path.write_text(json.dumps(self.kept, indent=0, ensure_ascii=False))
        return self.kept[key]
