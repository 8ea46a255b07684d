"""A folder of levels on the command line adds to the course."""

from __future__ import annotations

import shutil

from handgrad.cli.application import run
from handgrad.cli.console import Speaker
from handgrad.course.catalogue import OWN_LEVELS


def test_levels_of_a_folder_are_listed_beside_our_own(tmp_path, capsys):
    shutil.copytree(OWN_LEVELS / "activations", tmp_path / "mine")
    declaration = tmp_path / "mine" / "level.toml"
    text = declaration.read_text(encoding="utf-8").replace('name = "activations"', 'name = "mine"')
    declaration.write_text(text, encoding="utf-8")
    assert run(["--levels-folder", str(tmp_path), "levels"], Speaker("en")) == 0
    listed = capsys.readouterr().out
    assert "mine  " in listed
    assert "fully-connected  " in listed
    run(["levels"], Speaker("en"))
    assert "mine  " not in capsys.readouterr().out
