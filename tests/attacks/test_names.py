"""Attacks through the name of a file: links, pipes, climbing paths, names that a terminal obeys."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.answers import SOLUTION

from handgrad.errors import UsageError
from handgrad.judging import Answer, Judge

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such links and names there")
SECRET = "root:$6$canary:19000:0:99999:7:::"


@pytest.fixture
def handed_in(tmp_path):
    """A folder that a learner handed in, and beside it a file that is the teacher's."""
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")
    folder = tmp_path / "submission"
    folder.mkdir()
    return folder


def judged(*files, language="en"):
    return subprocess.run(
        [sys.executable, "-m", "handgrad", "judge", "fully-connected", *map(str, files), "--json",
         "--lang", language],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("target", ["../secret.txt", "absolute"])
def test_a_link_to_the_teacher_s_file_is_not_followed(handed_in, target):
    secret = handed_in.parent / "secret.txt"
    link = handed_in / "answer.py"
    link.symlink_to(secret if target == "absolute" else target)
    with pytest.raises(UsageError, match="outside its own folder"):
        Answer.read(link)
    told = judged(link)
    assert told.returncode == 2
    assert SECRET not in told.stdout + told.stderr
    # the control: what is read is quoted to whoever handed it in
    assert "canary" in judged(secret).stdout


def test_links_that_lead_in_circles_and_nowhere(handed_in):
    (handed_in / "a.py").symlink_to("b.py")
    (handed_in / "b.py").symlink_to("a.py")
    (handed_in / "c.py").symlink_to("nowhere.py")
    for name in ("a.py", "c.py"):
        with pytest.raises(UsageError):
            Answer.read(handed_in / name)


def test_a_link_inside_the_folder_is_a_file_like_any_other(handed_in):
    (handed_in / "real.py").write_text("x = 1", encoding="utf-8")
    (handed_in / "answer.py").symlink_to("real.py")
    assert Answer.read(handed_in / "answer.py").source == b"x = 1"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_hang_the_judge(handed_in):
    os.mkfifo(handed_in / "answer.py")
    with pytest.raises(UsageError, match="not a regular file"):
        Answer.read(handed_in / "answer.py")


def test_a_device_is_not_read():
    with pytest.raises(UsageError, match="not a regular file"):
        Answer.read(Path("/dev/zero"))


def test_what_the_shell_hands_over_is_read():
    reading, writing = os.pipe()
    os.write(writing, b"x = 1")
    os.close(writing)
    assert Answer.read(Path(f"/dev/fd/{reading}")).source == b"x = 1"
    os.close(reading)


@pytest.mark.parametrize(
    "name",
    [
        "../../../../etc/passwd",
        "/etc/passwd",
        "\x1b[2Janswer.py",
        "a\nb.py",
        "x" * 4000,
        "",
        "\udcff.py",
    ],
)
def test_a_name_is_only_a_name(course, name):
    """The child is told the name and opens nothing; tracebacks come from memory."""
    with Judge(seed=1, expected_answers=1) as judge:
        source = SOLUTION.replace("self.dW =", "self.dW = 1 / 0 #")
        [verdict] = judge.judge(course.level("fully-connected"), Answer(name, source.encode()))
    assert (verdict.verdict, verdict.kind) == ("error", "exception")
    assert "root:" not in verdict.printed + verdict.message.en


@pytest.mark.parametrize("escape", ["\x1b]0;owned\x07", "\x1b[2J", "\x9b2J"])
def test_the_terminal_does_not_obey_a_name(handed_in, escape):
    name = f"a{escape}b.py"
    (handed_in / name).write_text(SOLUTION.replace("axis=0", "axis=1"), encoding="utf-8")
    shown = subprocess.run(
        [sys.executable, "-m", "handgrad", "judge", "fully-connected", name, f"no{escape}.py"],
        capture_output=True, check=False, timeout=60, cwd=handed_in,
    )  # fmt: skip
    assert escape.encode() not in shown.stdout + shown.stderr


CLASS_NAMED = 'type("\\x1b[2Jowned\\x07", (Exception,), {})("\\x1b]0;owned\\x07")'


def test_nor_the_name_of_an_exception(handed_in):
    source = SOLUTION.replace("self.dW =", f"raise {CLASS_NAMED} #")
    (handed_in / "a.py").write_text(source, encoding="utf-8")
    shown = subprocess.run(
        [sys.executable, "-m", "handgrad", "judge", "fully-connected", "a.py"],
        capture_output=True, check=False, timeout=60, cwd=handed_in,
    ).stdout  # fmt: skip
    assert b"owned" in shown
    for code in (b"\x1b[2J", b"\x07", b"\x1b]"):
        assert code not in shown
