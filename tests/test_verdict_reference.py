"""What is generated from the definition of the verdict is fresh: schema, guide, names and types of the pages."""

from __future__ import annotations

import subprocess
import sys

from support.source_tree import ROOT


def test_the_generated_files_are_fresh():
    command = [sys.executable, str(ROOT / "tools" / "verdict_reference.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
