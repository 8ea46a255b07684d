from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest
from support.answers import SOLUTION

from handgrad.cli.console import Speaker
from handgrad.cli.progress_bar import progress_bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_no_bar_for_one_file_or_where_nobody_reads():
    for count, stream in ((1, Terminal()), (5, io.StringIO())):
        with progress_bar(count, Speaker("en"), stream) as advance:
            advance()
        assert stream.getvalue() == ""


def test_the_bar_counts(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = Terminal()
    with progress_bar(3, Speaker("zh"), stream) as advance:
        for _ in range(3):
            advance()
    assert "评测中" in stream.getvalue()
    assert "3/3" in stream.getvalue()


def test_on_a_real_terminal_the_verdicts_stand_above_the_bar(tmp_path):
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(SOLUTION, encoding="utf-8")
    main, other = pty.openpty()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "handgrad",
            "judge",
            "fully-connected",
            "a.py",
            "b.py",
            "--lang",
            "en",
        ],
        cwd=tmp_path,
        stdout=other,
        stderr=other,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"},
    )
    os.close(other)
    seen = b""
    while True:
        try:
            piece = os.read(main, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not piece:
            break
        seen += piece
    os.close(main)
    assert process.wait(timeout=30) == 0
    text = seen.decode(errors="replace")
    assert "Judging" in text
    assert text.count("passes: all") == 2
    assert "2 of 2 classes pass." in text
