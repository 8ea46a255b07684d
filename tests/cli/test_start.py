"""A template is written once, and never over a file."""

from __future__ import annotations

from support.messages import raises

from handgrad.cli.start import write_template
from handgrad.course import load_course
from handgrad.errors import UsageError

LEVEL = load_course().level("fully-connected")


def test_the_template_is_written_into_a_new_folder(tmp_path):
    path = write_template(LEVEL, tmp_path / "new" / "folder")
    assert path.read_text(encoding="utf-8") == LEVEL.template


def test_an_existing_file_is_left_alone(tmp_path):
    path = tmp_path / LEVEL.answer_file
    path.write_text("mine", encoding="utf-8")
    with raises(UsageError, "fully_connected.py"):
        write_template(LEVEL, tmp_path)
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_a_file_cannot_be_written_to(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with raises(UsageError, "file"):
        write_template(LEVEL, blocked)
