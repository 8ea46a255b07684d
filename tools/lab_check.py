"""Run the README's first command as it stands and pass level one: ``python tools/lab_check.py FOLDER``.

In the folder of a clone the command sets up and starts the lab; a right answer to level one is posted to
it as a script would, the verdict must be `pass`, and Ctrl-C must end it in order.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from readme_command import command

from handgrad.cli.lab import ENDED

SOLUTION = "src/handgrad/course/levels/fully_connected/solution.py"


def main(folder: Path) -> int:
    line = command("lab", folder / "README.md")
    print(line, flush=True)
    with tempfile.TemporaryDirectory(prefix="handgrad-data-") as data:
        started = subprocess.Popen(
            ["bash", "-c", line],
            cwd=folder,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"HANDGRAD_DATA": data, "HANDGRAD_LANG": "en"},
            start_new_session=True,
        )
        assert started.stdout is not None
        try:
            told = started.stdout.readline()
            print(told, end="")
            address = re.search(r"http://\S+/", told)
            if address is None:
                return 1
            verdicts = hand_in(address.group(), (folder / SOLUTION).read_text(encoding="utf-8"))
        finally:
            os.killpg(started.pid, signal.SIGINT)
            rest, _ = started.communicate(timeout=60)
    print(rest, end="")
    print([one["message"]["en"] for one in verdicts])
    passed = [one["verdict"] for one in verdicts] == ["pass"]
    return 0 if passed and ENDED.en in rest else 1


def hand_in(address: str, source: str) -> list[dict[str, object]]:
    asked = urllib.request.Request(
        f"{address}api/levels/fully-connected/answers?wait=60",
        data=json.dumps({"source": source}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=90) as reply:
        found: list[dict[str, object]] = json.loads(reply.read())
    return found


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
