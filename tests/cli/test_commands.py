"""The command line as a user meets it: real processes, real files, both languages."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest
from support.answers import SOLUTION
from support.tier import repeats

from handgrad.course.catalogue import OWN_LEVELS

WRONG = SOLUTION.replace("axis=0", "axis=1")


def complaints(result):
    """What it complained of, but for the note about a machine without walls."""
    return [line for line in result.stderr.splitlines() if "isolation level is only 1" not in line]


def handgrad(*arguments, cwd=None, env=None, stdin=None, encoding="utf-8"):
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "HANDGRAD"))
    }
    environment |= {"PYTHONIOENCODING": encoding, "LANG": "C.UTF-8", **(env or {})}
    return subprocess.run(
        [sys.executable, "-m", "handgrad", *map(str, arguments)],
        capture_output=True,
        check=False,
        cwd=cwd,
        env=environment,
        input=stdin,
        encoding="utf-8",
        errors="replace",
        timeout=120,
    )


@pytest.fixture
def files(tmp_path):
    (tmp_path / "right.py").write_text(SOLUTION, encoding="utf-8")
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    return tmp_path


def no_traceback(result):
    assert "Traceback" not in result.stdout + result.stderr
    return result


def test_judge_exit_codes(files):
    assert handgrad("judge", "fully-connected", "right.py", cwd=files).returncode == 0
    assert handgrad("judge", "fully-connected", "wrong.py", cwd=files).returncode == 1
    assert handgrad("judge", "fully-connected", "right.py", "wrong.py", cwd=files).returncode == 1


def test_json_is_one_object_a_line_and_nothing_else(files):
    result = handgrad(
        "judge", "fully-connected", "right.py", "wrong.py", "--json", "--seed", 7, cwd=files
    )
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(o["file"], o["verdict"], o["seed"]) for o in lines] == [
        ("right.py", "pass", 7),
        ("wrong.py", "wrong", 7),
    ]
    assert complaints(result) == []
    again = handgrad("judge", "fully-connected", "wrong.py", "--json", "--seed", 7, cwd=files)
    assert json.loads(again.stdout) | {"milliseconds": 0} == lines[1] | {"milliseconds": 0}


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ["答案错误", "self.db 不对"]), ("en", ["wrong", "self.db is wrong"])],
)
def test_both_languages(files, language, words):
    for arguments, env in (
        (["--lang", language], {}),
        ([f"--lang={language}"], {}),
        ([], {"HANDGRAD_LANG": language}),
        ([], {"LC_ALL": {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}[language]}),
    ):
        result = handgrad("judge", "fully-connected", "wrong.py", *arguments, cwd=files, env=env)
        for word in words:
            assert word in result.stdout


def test_files_that_cannot_be_read_do_not_stop_the_others(files):
    (files / "folder").mkdir()
    (files / "huge.py").write_bytes(b"#" * 10_000_000)
    result = no_traceback(
        handgrad("judge", "fully-connected", "none.py", "folder", "huge.py", "right.py", cwd=files)
    )
    assert result.returncode == 2
    assert "FullyConnected  pass" in result.stdout
    assert len(complaints(result)) == 3
    assert "no file none.py" in result.stderr
    assert "folder is a folder" in result.stderr
    assert "10.0 MB" in result.stderr
    chinese = handgrad("judge", "fully-connected", "none.py", "--lang", "zh", cwd=files)
    assert "找不到文件 none.py" in chinese.stderr
    assert chinese.returncode == 2


def test_standard_input(files):
    result = handgrad("judge", "fully-connected", "-", "--json", stdin=SOLUTION)
    assert json.loads(result.stdout)["verdict"] == "pass"


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (
            ["judge", "fully-conected", "x.py"],
            "是不是 fully-connected",
            "Did you mean fully-connected",
        ),
        (["judge", "fully-connected"], "缺少参数", "Missing argument"),
        (
            ["judge", "fully-connected", "x.py", "--sed", "1"],
            "没有选项 --sed",
            "There is no option --sed",
        ),
        (["judge", "fully-connected", "x.py", "--seed", "-1"], "--seed", "--seed"),
        (["judge", "activations", "x.py", "--class", "Tanh"], "Sigmoid、Relu", "Sigmoid, Relu"),
        (["start", "nowhere"], "没有名为", "There is no level"),
        (["hint", "activations", "99"], "只有", "hints"),
        (
            ["watch", "activations", "none.py"],
            "handgrad start activations",
            "handgrad start activations",
        ),
        (["fly"], "命令", "There is no command"),
        (["--levels-folder", "/nowhere", "levels"], "没有关卡", "no level"),
    ],
)
def test_bad_usage_exits_2_and_says_what_to_try(arguments, zh, en, tmp_path):
    for language, words in (("zh", zh), ("en", en)):
        result = no_traceback(handgrad(*arguments, "--lang", language, cwd=tmp_path))
        assert result.returncode == 2, result.stderr
        assert words in result.stderr


def test_start_never_overwrites(tmp_path):
    result = handgrad("start", "activations", "deep/er", cwd=tmp_path)
    path = tmp_path / "deep" / "er" / "activations.py"
    assert result.returncode == 0
    assert "Begin" in path.read_text(encoding="utf-8")
    assert "handgrad judge activations" in result.stdout
    path.write_text("mine", encoding="utf-8")
    result = no_traceback(handgrad("start", "activations", "deep/er", cwd=tmp_path))
    assert result.returncode == 2
    assert path.read_text(encoding="utf-8") == "mine"


def test_start_into_what_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = no_traceback(handgrad("start", "activations", "file", cwd=tmp_path))
    assert result.returncode == 2


def test_a_started_template_is_unanswered(tmp_path):
    for level in ("fully-connected", "activations", "three-layer-network"):
        handgrad("start", level, cwd=tmp_path)
        name = level.replace("-", "_") + ".py"
        result = handgrad("judge", level, name, "--json", cwd=tmp_path)
        assert result.returncode == 1
        assert {json.loads(line)["kind"] for line in result.stdout.splitlines()} == {"unanswered"}


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
def test_a_console_of_another_encoding_never_crashes(files, encoding):
    commands = (["judge", "fully-connected", "wrong.py"], ["levels"], ["doctor"], ["--help"])
    for arguments in repeats(everyday=commands[:2], whole=commands):
        for language in ("zh", "en"):
            result = no_traceback(
                handgrad(*arguments, "--lang", language, cwd=files, encoding=encoding)
            )
            assert result.returncode in (0, 1), result.stderr
    guessed = handgrad(
        "judge",
        "fully-connected",
        "wrong.py",
        cwd=files,
        encoding="ascii",
        env={"LANG": "zh_CN.UTF-8"},
    )
    assert "is wrong" in guessed.stdout, "a guessed language gives way where it cannot be printed"
    line = handgrad(
        "judge", "fully-connected", "wrong.py", "--json", cwd=files, encoding="ascii"
    ).stdout
    assert "不对" in json.loads(line)["message"]["zh"]


def test_the_terminal_does_not_obey_what_an_answer_prints(files):
    (files / "loud.py").write_text(
        WRONG.replace(
            "import numpy as np",
            "import numpy as np\nprint('\\x1b[2J\\x07[red]x[/red]\\u202e\\r')\n",
        ),
        encoding="utf-8",
    )
    result = handgrad("judge", "fully-connected", "loud.py", cwd=files, env={"FORCE_COLOR": "1"})
    assert "\\x1b[2J\\x07[red]x[/red]\\u202e\\r" in result.stdout
    assert "\x1b[2J" not in result.stdout
    assert "\u202e" not in result.stdout


def test_a_line_and_its_mark_stand_under_each_other(files):
    begin = "        ########## Begin ##########\n"
    (files / "raises.py").write_text(
        SOLUTION.replace(begin, begin + "        数 = 1; nothing\n"), encoding="utf-8"
    )
    lines = handgrad("judge", "fully-connected", "raises.py", cwd=files).stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if "数 = 1; nothing" in line)
    mark = lines[at + 1]
    # the Chinese character before it takes two columns of a terminal
    assert mark.index("^") == lines[at].index("nothing") + 1


def test_levels_and_hints(tmp_path):
    listed = handgrad("levels").stdout
    assert (
        listed.index("fully-connected") < listed.index("activations") < listed.index("three-layer")
    )
    assert "# 全连接层" in handgrad("levels", "show", "fully-connected", "--lang", "zh").stdout
    assert "handgrad hint activations 2" in handgrad("hint", "activations").stdout


def test_levels_check_turns_red_for_a_teacher_s_broken_level(tmp_path):
    mine = tmp_path / "mine"
    shutil.copytree(
        OWN_LEVELS / "activations", mine, ignore=shutil.ignore_patterns("wrong", "right")
    )
    (mine / "wrong").mkdir()
    for name in ("sigmoid_tanh.py", "relu_no_gate.py"):
        shutil.copy(OWN_LEVELS / "activations" / "wrong" / name, mine / "wrong" / name)
    toml = mine / "level.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace('name = "activations"', 'name = "mine"'),
        encoding="utf-8",
    )
    result = handgrad("--levels-folder", tmp_path, "levels", "check", "mine", "--seeds", 2)
    assert result.returncode == 0, result.stdout
    solution = mine / "solution.py"
    solution.write_text(
        solution.read_text(encoding="utf-8").replace("1.0 -", "1.1 -"), encoding="utf-8"
    )
    result = handgrad("levels", "check", "mine", env={"HANDGRAD_LEVELS": str(tmp_path)})
    assert result.returncode == 1
    assert "mine/solution.py" in result.stdout


def test_doctor(tmp_path):
    facts = json.loads(handgrad("doctor", "--json").stdout)
    assert facts["judge"]["works"]
    assert facts["isolation"]["level"] in (1, 2, 3)
    assert (facts["isolation"]["level"] == 1) == (not facts["isolation"]["walls"])
    assert facts["engine"]["name"] in ("numpy", "native")
    words = handgrad("doctor", "--lang", "zh", env={"HANDGRAD_ENGINE": "numpy"}).stdout
    assert "隔离" in words
    assert "引擎" in words
    assert "numpy" in words
    assert facts["numpy"] in words


def test_an_error_of_ours_is_told_in_words(files):
    (files / "levels" / "broken").mkdir(parents=True)
    (files / "levels" / "broken" / "level.toml").write_text("name = 3", encoding="utf-8")
    result = no_traceback(handgrad("--levels-folder", files / "levels", "levels"))
    assert result.returncode == 3
    assert "level.toml" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell with pipes")
def test_a_closed_pipe_is_no_error(files):
    command = f"'{sys.executable}' -m handgrad levels show fully-connected | head -n 1"
    result = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in result.stderr
    assert "BrokenPipe" not in result.stderr


def test_version_and_help():
    assert "0.1.0" in handgrad("--version").stdout
    for command in ("levels", "start", "judge", "watch", "hint", "doctor", "train", "check"):
        zh, en = (handgrad(command, "--help", "--lang", lang).stdout for lang in ("zh", "en"))
        assert "用法：" in zh
        assert "Usage:" in en
        assert "选项：" in zh
        assert "default:" not in zh
        assert ("[默认：" in zh) == ("[default:" in en)


def test_nothing_is_judged_below_the_isolation_that_is_asked_for():
    level = json.loads(handgrad("doctor", "--json").stdout)["isolation"]["level"]
    wanted = 3 if level < 3 else 2
    done = handgrad(
        "judge", "fully-connected", "-", "--isolation", str(wanted), "--json", stdin=SOLUTION
    )
    verdict = json.loads(done.stdout)
    assert verdict["verdict"] == ("judge-error" if level < wanted else "pass")
    assert done.returncode == (3 if level < wanted else 0)


def test_a_counterexample_is_written_and_never_over_another_file(files):
    written = handgrad(
        "judge", "fully-connected", "wrong.py", "--counterexample", "c.py", cwd=files
    )
    assert written.returncode == 1
    shown = subprocess.run(
        [sys.executable, "c.py", "wrong.py"], cwd=files, capture_output=True, text=True, check=False
    )
    assert "received" in shown.stdout
    again = handgrad("judge", "fully-connected", "wrong.py", "--counterexample", "c.py", cwd=files)
    assert again.returncode == 1
    before = (files / "right.py").read_bytes()
    refused = handgrad(
        "judge", "fully-connected", "wrong.py", "--counterexample", "right.py", "--lang", "en",
        cwd=files,
    )  # fmt: skip
    assert refused.returncode == 2
    assert "Choose another name" in refused.stderr
    assert (files / "right.py").read_bytes() == before
