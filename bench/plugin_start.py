"""What the pytest plugin adds to pytest's start: ``python bench/plugin_start.py [--rounds N] [--json]``.

Two figures, each the median of rounds in which the variants take turns:

* start: the whole of ``pytest --collect-only`` on one file with one test, with the plugin and
  with ``-p no:handgrad``. Processor time, which other programs on the machine blur less than the
  clock, and the clock beside it.
* import: what it takes inside pytest to import and register ``handgrad.pytest_plugin`` with all that
  it imports, in processor time.

The target is 5 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TARGET = 5.0
WITHOUT = ["-p", "no:handgrad"]


def start(folder: Path, options: list[str]) -> tuple[float, float]:
    """Milliseconds of one start of pytest: of the processor, and of the clock."""
    begun, spent = time.perf_counter(), processor_seconds()
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *options]
    subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, check=True, timeout=300
    )
    return (processor_seconds() - spent) * 1000, (time.perf_counter() - begun) * 1000


def processor_seconds() -> float:
    """What the children of this process have used."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


TIMED = """
import importlib, time
from _pytest.config import PytestPluginManager

def pytest_configure(config):
    config.pluginmanager.rewrite_hook.mark_rewrite("handgrad.pytest_plugin")
    manager = PytestPluginManager()
    begun = time.process_time()
    manager.register(importlib.import_module("handgrad.pytest_plugin"), "handgrad")
    print("TOOK", (time.process_time() - begun) * 1000)
"""


def imported(folder: Path) -> float:
    """Milliseconds in which the plugin is imported, by pytest's own importer, and registered."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-s", *WITHOUT, "-p", "timed"],
        cwd=folder,
        env=environment() | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return float(ran.stdout.split("TOOK")[1].split()[0])


def environment() -> dict[str, str]:
    """Bytecode is kept, as on a user's machine."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return kept | {
        "PYTEST_ADDOPTS": "",
        "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "handgrad-bench-bytecode"),
    }


def main() -> None:
    """Measure, print, and end with 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_nothing.py").write_text("def test_nothing():\n    pass\n")
        (folder / "timed.py").write_text(TIMED)
        start(folder, [])  # the first writes bytecode
        pairs = [(start(folder, []), start(folder, WITHOUT)) for _ in range(asked.rounds)]
        imports = [imported(folder) for _ in range(asked.rounds)]
    figures = {
        "with_ms": statistics.median(a[0] for a, _ in pairs),
        "without_ms": statistics.median(b[0] for _, b in pairs),
        "added_ms": statistics.median(a[0] - b[0] for a, b in pairs),
        "added_by_the_clock_ms": statistics.median(a[1] - b[1] for a, b in pairs),
        "import_ms": statistics.median(imports),
        "import_worst_ms": max(imports),
        "target_ms": TARGET,
        "rounds": asked.rounds,
        "python": platform.python_version(),
    }
    if asked.json:
        print(json.dumps(figures))
    else:
        for word, value in figures.items():
            print(f"{word:22} {value if isinstance(value, (int, str)) else round(value, 2)}")
    sys.exit(figures["import_ms"] > TARGET)


if __name__ == "__main__":
    main()
