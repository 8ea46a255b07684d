"""Files that are written completely or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def write_atomically(path: Path, held: bytes) -> None:
    """Write the bytes to a temporary file and rename it: `path` is always the old file or the new one.

    Raises:
        OSError: it cannot be written; what was there before is left.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(held)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
