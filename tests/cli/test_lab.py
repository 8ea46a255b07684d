"""``handgrad lab`` as a process: what it prints, how it ends, what it refuses."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from handgrad.cli import lab as module
from handgrad.cli.application import run
from handgrad.cli.console import Speaker


def start(*options, language="en"):
    return subprocess.Popen(
        [sys.executable, "-m", "handgrad", "lab", "--no-browser", "--lang", language, *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def ended(process):
    process.send_signal(signal.SIGINT)
    # not communicate: it would not see what readline has taken out of the pipe ahead
    with process:
        out, err = process.stdout.read(), process.stderr.read()
    return process.returncode, out, err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_says_where_it_is_and_ends_with_ctrl_c(tmp_path, language):
    process = start("--port", "0", "--data", str(tmp_path / "data"), language=language)
    first = process.stdout.readline()
    address = re.search(r"http://127.0.0.1:(\d+)/", first)
    assert address, first + process.stderr.read()
    with urllib.request.urlopen(address.group(), timeout=30) as reply:
        assert reply.status == 200
    status, rest, err = ended(process)
    assert status == 0
    assert err == ""
    assert str(tmp_path / "data" / "lab.sqlite3") in rest
    assert re.search(r"(隔离级别：|Isolation level: )\d", rest)
    assert ("已关闭" if language == "zh" else "has stopped") in rest
    assert not list((tmp_path / "data").glob("*.server"))


def test_it_ends_in_time_while_somebody_waits_for_a_verdict(tmp_path):
    process = start("--port", "0", "--data", str(tmp_path))
    port = int(re.search(r":(\d+)/", process.stdout.readline()).group(1))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body = '{"source": "class FullyConnected:\\n    while True: pass\\n"}'
    connection.request(
        "POST", "/api/levels/fully-connected/answers?wait=60", body,
        {"Content-Type": "application/json"},
    )  # fmt: skip
    status, _, err = ended(process)
    assert status == 0
    assert "Traceback" not in err
    connection.close()


def test_a_class_is_given_a_link_for_its_teacher_that_works_once(tmp_path):
    process = start("--port", "0", "--data", str(tmp_path), "--class", language="zh")
    process.stdout.readline()
    link = re.search(r"/join\?code=(\S+)", process.stdout.readline())
    assert link
    status, _, err = ended(process)
    assert (status, err) == (0, "")


def refused(arguments, capsys, language="en"):
    status = run(["lab", *arguments], Speaker(language))
    return status, capsys.readouterr().err


def test_a_port_in_use_is_named_with_one_that_is_free(tmp_path, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for language in ("zh", "en"):
            status, told = refused(["--port", str(port), "--data", str(tmp_path)], capsys, language)
            assert status == 2
            assert str(port) in told
            assert re.search(r"--port \d+", told)


def test_one_folder_is_served_once_and_the_second_is_told_where(tmp_path, capsys):
    process = start("--port", "0", "--data", str(tmp_path))
    address = re.search(r"http://\S+", process.stdout.readline()).group()
    status, told = refused(["--port", "0", "--data", str(tmp_path)], capsys)
    assert status in (2, 3)
    assert address in told
    assert ended(process)[0] == 0


def test_beyond_loopback_learners_must_sign_in(capsys):
    for host in ("0.0.0.0", "192.168.1.7", "lab.example"):
        status, told = refused(["--host", host], capsys, "zh")
        assert status == 2
        assert "--class" in told


def test_a_database_that_is_not_understood(capsys):
    status, told = refused(["--database", "mysql://ada:sesame@x/y"], capsys)
    assert status != 0
    assert "postgresql://" in told
    assert "sesame" not in told
    assert "Traceback" not in told


def test_without_the_extra_it_says_what_installs_it(capsys, monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "uvicorn" else True)
    status, told = refused([], capsys, "zh")
    assert status == 2
    assert 'pip install "handgrad[lab]"' in told
    assert "uvicorn" in told


def test_nothing_of_the_lab_is_loaded_by_other_commands():
    code = (
        "import sys, handgrad.cli.application as a\n"
        "a.run(['levels', '--lang', 'en'], a.Speaker('en'))\n"
        "heavy = {'fastapi', 'uvicorn', 'sqlalchemy', 'alembic', 'pydantic', 'jinja2', 'argon2'}\n"
        "print(sorted(heavy & {name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
