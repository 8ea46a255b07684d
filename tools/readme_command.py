"""Print one of the README's commands: ``python tools/readme_command.py lab`` (``judge``, ``test``)."""

from __future__ import annotations

import re
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def command(name: str, readme: Path = README) -> str:
    """The one-line command that stands behind ``<!-- command: NAME, bash -->``."""
    text = readme.read_text(encoding="utf-8")
    match = re.search(rf"<!-- command: {name}, bash -->\n```bash\n(.+)\n```", text)
    if match is None:
        raise SystemExit(f"{readme.name} has no command named {name}")
    return match.group(1)


if __name__ == "__main__":
    print(command(sys.argv[1]))
