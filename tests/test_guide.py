"""The guide's example level, extracted from its page, is sound; its page of mistakes is the catalogue's."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from handgrad.course import load_course
from handgrad.judging import check_level

GUIDE = Path(__file__).parent.parent / "docs" / "guide" / "add-a-level.md"


def test_the_level_of_the_guide_is_sound(judge, tmp_path):
    files = re.findall(
        r"<!-- file: (\S+) -->\n```\w+\n(.*?)^```",
        GUIDE.read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert len(files) == 12
    for name, content in files:
        path = tmp_path / "my-levels" / "tanh" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    course = load_course(tmp_path / "my-levels")
    level = course.level("tanh")
    assert [f"{finding.part}: {finding.text.en}" for finding in check_level(judge, level)] == []
    assert course.levels[-1] is level


def test_the_page_of_mistakes_is_what_the_catalogue_gives():
    tool = GUIDE.parent.parent.parent / "tools" / "mistake_pages.py"
    done = subprocess.run(
        [sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
