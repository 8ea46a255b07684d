"""``handgrad watch``: saves of every kind, and the way through the levels."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time

import pytest
from support.answers import SOLUTION

WRONG = SOLUTION.replace("axis=0", "axis=1")


class Watching:
    """A running ``handgrad watch`` and what it says."""

    def __init__(self, folder, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "handgrad", "watch", *arguments, "--lang", "en"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        )
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)

    def until(self, words):
        seen = []
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                seen.append(self.lines.get(timeout=1))
            except queue.Empty:
                continue
            if words in seen[-1]:
                return "".join(seen)
        raise AssertionError(f"{words!r} never came; seen:\n{''.join(seen)}")


@pytest.fixture
def watching(tmp_path):
    running = []

    def start(*arguments):
        running.append(Watching(tmp_path, *arguments))
        return running[-1]

    yield start
    for one in running:
        one.process.kill()
        one.process.wait()
        one.process.stdout.close()


def test_each_save_is_judged_whatever_the_editor_does(tmp_path, watching):
    path = tmp_path / "mine.py"
    path.write_text(WRONG, encoding="utf-8")
    watch = watching("fully-connected", "mine.py")
    assert "db" in watch.until("Waiting")
    path.write_text(
        WRONG.replace("axis=1", "axis=0").replace("self.x.T", "-self.x.T"), encoding="utf-8"
    )
    assert "self.dW is wrong" in watch.until("Waiting")
    replacement = tmp_path / "mine.py.tmp"  # editors that write beside and rename
    replacement.write_text(SOLUTION.replace("return dx", "return None"), encoding="utf-8")
    replacement.replace(path)
    assert "None" in watch.until("Waiting")
    path.write_text("", encoding="utf-8")  # editors that truncate first
    path.write_text(WRONG, encoding="utf-8")
    assert "db" in watch.until("Waiting")


def test_a_pass_goes_on_to_the_next_level_and_to_the_end(tmp_path, watching, course):
    (tmp_path / "fully_connected.py").write_text(SOLUTION, encoding="utf-8")
    watch = watching("fully-connected")
    assert "passes" in watch.until("Next level:")
    for name in ("activations", "three-layer-network"):
        level = course.level(name)
        path = tmp_path / level.answer_file
        deadline = time.monotonic() + 10
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert path.read_text(encoding="utf-8") == level.template
        time.sleep(0.2)
        path.write_text(level.solution, encoding="utf-8")
        watch.until("passes")
    watch.until("All levels are passed")
    assert watch.process.wait(timeout=20) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals to a process are POSIX")
def test_ctrl_c_ends_quietly(tmp_path, watching):
    (tmp_path / "mine.py").write_text(WRONG, encoding="utf-8")
    watch = watching("fully-connected", "mine.py")
    watch.until("Waiting")
    watch.process.send_signal(signal.SIGINT)
    assert watch.process.wait(timeout=20) == 130
    rest = []
    while not watch.lines.empty():
        rest.append(watch.lines.get())
    assert "Traceback" not in "".join(rest)
