"""``handgrad doctor``: what works on this machine, what does not, and what to do about it."""

from __future__ import annotations

import json
import platform
import shutil
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from handgrad import __version__
from handgrad.cli.console import CHINESE_SAMPLE, Speaker, can_print
from handgrad.cli.line_wrapping import wrapped_lines

if TYPE_CHECKING:
    from handgrad.sandbox import Isolation

INTERNAL_ERROR = 3


def command(speaker: Speaker) -> click.Command:
    """The command ``doctor``."""

    @click.command(
        "doctor",
        help=speaker.say(
            "检查 handgrad 在这台机器上是否正常。显示隔离级别、引擎、NumPy 和版本。",
            "Check how handgrad works on this machine. Shows the isolation level, the engine, NumPy "
            "and versions.",
        ),
    )
    @click.option("--json", "as_json", is_flag=True, help=speaker.say("输出 JSON。", "Print JSON."))
    def doctor(as_json: bool) -> int:
        facts = _facts()
        if as_json:
            click.echo(json.dumps(facts))
        else:
            _print(facts, speaker)
        return 0 if facts["judge"]["works"] else INTERNAL_ERROR

    return doctor


def _facts() -> dict[str, Any]:
    import numpy as np

    isolation, trial = _trial()
    blas = _blas(np)
    return {
        "handgrad": __version__,
        "python": platform.python_version(),
        "executable": sys.executable,
        "platform": platform.platform(),
        "numpy": np.__version__,
        "blas": blas,
        "engine": _engine(),
        "isolation": {
            "level": isolation.level,
            "reason": isolation.reason.to_json(),
            "remedy": isolation.remedy.to_json(),
            "walls": [
                {
                    "wall": layer.name,
                    "holds": layer.holds,
                    "failure": layer.failure,
                    "label": layer.label.to_json(),
                }
                for layer in isolation.layers
            ],
        },
        "console": {
            "encoding": sys.stdout.encoding,
            "prints_chinese": can_print(CHINESE_SAMPLE, sys.stdout),
        },
        "judge": trial,
    }


def _engine() -> dict[str, Any]:
    """The engine of the layers, and the reason if it is the fallback."""
    from handgrad.kernels import engine

    now = engine()
    return {"name": now.name, "reason": now.fallback.to_json() if now.fallback else None}


def _blas(numpy: Any) -> dict[str, Any]:
    """NumPy's BLAS library, according to its build configuration."""
    try:
        built = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    except (KeyError, TypeError):  # not recorded in this build
        return {"name": None, "version": None}
    return {"name": built.get("name"), "version": built.get("version")}


def _trial() -> tuple[Isolation, dict[str, Any]]:
    """Judge the first level's own solution: does the whole way work, and with which isolation?"""
    from handgrad.course import load_course
    from handgrad.errors import SandboxError
    from handgrad.judging import Answer, Judge
    from handgrad.sandbox import NOT_RUNNING, Pool

    level = load_course().levels[0]
    with Judge(seed=0, pool=(pool := Pool(expected=2))) as judge:
        judge.judge(level, Answer("solution.py", level.solution.encode()))
        started = time.perf_counter()
        verdicts = judge.judge(level, Answer("solution.py", level.solution.encode()))
        milliseconds = (time.perf_counter() - started) * 1e3
        try:
            isolation = pool.isolation
        except SandboxError:
            isolation = NOT_RUNNING
    works = all(verdict.verdict == "pass" for verdict in verdicts)
    message = None if works else verdicts[0].message.to_json()
    return isolation, {"works": works, "milliseconds": round(milliseconds, 1), "message": message}


def _print(facts: dict[str, Any], speaker: Speaker) -> None:
    isolation, blas, console, judge = (
        facts[name] for name in ("isolation", "blas", "console", "judge")
    )
    language = speaker.language
    blas_name = (
        f"{blas['name']} {blas['version']}" if blas["name"] else speaker.say("未知", "unknown")
    )
    rows = [
        ("handgrad", facts["handgrad"]),
        ("Python", f"{facts['python']}  {facts['executable']}"),
        (speaker.say("系统", "system"), facts["platform"]),
        ("NumPy", f"{facts['numpy']}  BLAS: {blas_name}"),
        (speaker.say("引擎", "engine"), _engine_line(facts["engine"], speaker)),
        (speaker.say("控制台", "console"), _console(console, speaker)),
        (speaker.say("评测", "judge"), _judge(judge, speaker)),
        (
            speaker.say("隔离", "isolation"),
            speaker.say(f"第 {isolation['level']} 级", f"level {isolation['level']}"),
        ),
    ]
    for name, value in rows:
        click.echo(f"{click.style(name, bold=True)}  {value}")
    width = max(20, shutil.get_terminal_size().columns - 4)
    for text in (isolation["reason"], isolation["remedy"]):
        for line in wrapped_lines(text[language], width):
            click.echo(f"    {line}")
    for layer in isolation["walls"]:
        first, *rest = wrapped_lines(_layer_line(layer, speaker), width - 2)
        click.echo(f"    {_mark(layer['holds'])} {first}")
        for line in rest:
            click.echo(f"      {line}")


def _layer_line(layer: dict[str, Any], speaker: Speaker) -> str:
    """An isolation layer's name, and what went wrong where it does not hold."""
    label = str(layer["label"][speaker.language])
    return label if layer["holds"] else label + speaker.say("：", ": ") + str(layer["failure"])


def _mark(holds: bool) -> str:
    good, bad = ("✓", "✗") if can_print("✓✗", sys.stdout) else ("+", "-")
    return click.style(good, fg="green") if holds else click.style(bad, fg="red")


def _engine_line(engine: dict[str, Any], speaker: Speaker) -> str:
    if engine["reason"] is None:
        return str(engine["name"])
    return engine["name"] + speaker.say("：", ": ") + str(engine["reason"][speaker.language])


def _console(console: dict[str, Any], speaker: Speaker) -> str:
    if console["prints_chinese"]:
        return str(console["encoding"])
    return speaker.say(
        f"{console['encoding']}，不能显示中文。可设置环境变量 PYTHONUTF8=1 并使用 UTF-8 终端。",
        f"{console['encoding']}, cannot print Chinese. For Chinese, set the environment variable "
        "PYTHONUTF8=1 and use a UTF-8 terminal.",
    )


def _judge(judge: dict[str, Any], speaker: Speaker) -> str:
    if judge["works"]:
        return speaker.say(
            f"正常，评测一份答案用了 {judge['milliseconds']} 毫秒",
            f"works; judging one answer took {judge['milliseconds']} ms",
        )
    return speaker.say("不正常：", "does not work: ") + str(judge["message"][speaker.language])
