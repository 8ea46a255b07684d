"""The measuring programs start: two of a name, or a peer's changed interface, would go unseen."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent / "bench"


def run(*arguments):
    ran = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=BENCH,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize("name", ["training", "layers", "results"])
def test_it_says_how_it_is_used(name):
    assert "usage" in run(f"{name}.py", "--help")


MODULES = {
    "naive NumPy": "numpy",
    "PyTorch eager": "torch",
    "JAX jit": "jax",
    "scikit-learn": "sklearn",
}


@pytest.mark.parametrize("peer", MODULES)
def test_every_peer_of_a_training_step_takes_steps(peer):
    program = f"""
import training_peers as peers
module, make = peers.PEERS[{peer!r}]
for row in peers.ROWS[:3]:
    step = make(row)
    step(), step()
"""
    if importlib.util.find_spec(MODULES[peer]) is None:
        pytest.skip(f"{MODULES[peer]} is not installed")
    run("-c", program)


def test_results_of_the_digits_reach_their_target():
    told = run("results.py", "digits", "--peers", "handgrad", "--threads", 1)
    mean = next(line for line in told.splitlines() if "mean of the folds" in line)
    assert float(mean.split("folds ")[1].split("%")[0]) >= 97.0


def test_tables_are_made_again_from_what_was_kept(tmp_path):
    program = f"""
from pathlib import Path
import tables
folder = Path({str(tmp_path)!r})
tables.RECORD = folder / "kept.json"
tables.PAGES = {{"en": folder / "en.md", "zh": folder / "zh.md"}}
for page in tables.PAGES.values():
    page.write_text("<!-- machine -->\\n<!-- end of machine -->\\n<!-- steps -->\\n<!-- end of steps -->\\nend")
def measured(ms):
    keys = ("name", "ms_min", "ratio_min", "ratio_median", "peak_mib", "disturbed")
    return [dict(zip(keys, r)) for r in (("products", ms, 1, 1, 10, 0), ("ours, twice", 2 * ms, 2, 2.5, 20, .1))]
tables.record("steps", 2, "B wide", "products", measured(3.0))
tables.record("steps", 2, "A narrow", "products", measured(1.0))
tables.record("steps", 2, "B wide", "products", measured(7.0))
tables.write()
tables.write()
"""
    run("-c", program)
    english, chinese = ((tmp_path / f"{name}.md").read_text("utf-8") for name in ("en", "zh"))
    rows = [line for line in english.splitlines() if line.startswith("| ")]
    assert rows[0] == "| row | products, ms | ours, twice |"
    assert rows[2:4] == ["| A narrow * | 1 | 2.00 (2.50) |", "| B wide * | 7 | 2.00 (2.50) |"]
    assert rows[4] == "| row | products | ours, twice |"
    assert rows[6] == "| A narrow | 10 | 20 |"
    assert english.endswith("\nend")
    assert "矩阵乘积，毫秒" in chinese


def test_a_table_without_its_place_is_an_error(tmp_path):
    program = f"""
from pathlib import Path
import tables
page = Path({str(tmp_path)!r}) / "page.md"
page.write_text("<!-- steps -->")
try:
    tables.put(page, "steps", "text")
except SystemExit as error:
    print(error)
"""
    assert "<!-- end of steps -->" in run("-c", program)


@pytest.mark.skipif(sys.platform != "linux", reason="the clocks of other processes are Linux's")
def test_a_process_that_uses_the_processors_is_seen():
    program = """
import subprocess, sys, time, interleaved
other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
before = interleaved.processor_seconds()
deadline = time.monotonic() + 60
while time.monotonic() < deadline:
    used = interleaved.processor_seconds()[other.pid] - before.get(other.pid, 0.0)
    if used > 0.05:
        print("seen")
        break
    time.sleep(0.01)
other.kill()
other.wait()
"""
    assert run("-c", program).strip() == "seen"
