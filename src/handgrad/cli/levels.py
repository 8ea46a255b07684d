"""``handgrad levels``: lists, shows and checks the levels."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handgrad.cli.click_translation import CommandGroup
from handgrad.cli.console import Speaker
from handgrad.cli.options import course_of, language_option
from handgrad.course import Course, Level
from handgrad.languages import name_list

if TYPE_CHECKING:  # NumPy is not needed to list the levels
    from handgrad.judging import MistakeCoverage


def command(speaker: Speaker) -> click.Command:
    """The group ``levels``, which lists the levels if no subcommand is given."""

    @click.group(
        "levels",
        cls=CommandGroup,
        subcommand_metavar=speaker.say("[命令]", "[COMMAND]"),
        invoke_without_command=True,
        help=speaker.say("列出关卡。", "List the levels."),
    )
    @click.pass_context
    def levels(context: click.Context) -> None:
        if context.invoked_subcommand is None:
            _list(course_of(context), speaker)

    @levels.command(
        "show",
        help=speaker.say("显示一个关卡的讲解。", "Show the explanation of a level."),
        params=[language_option(speaker)],
    )
    @click.argument("level", metavar=speaker.say("关卡", "LEVEL"))
    @click.pass_context
    def show(context: click.Context, level: str) -> None:
        click.echo(speaker.text(course_of(context).level(level).statement))

    @levels.command(
        "check",
        help=speaker.say(
            "检查关卡是否可靠。参考解必须通过，模板不能通过，每份预置答案都必须得到它声明的结果。",
            "Check that levels are sound. The solution must pass, the template must not, and every "
            "planted answer must get the verdict that it declares.",
        ),
        params=[language_option(speaker)],
    )
    @click.argument("names", metavar=speaker.say("[关卡]...", "[LEVEL]..."), nargs=-1)
    @click.option(
        "--seeds",
        metavar="N",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        help=speaker.say("用多少个随机种子检查。", "Number of seeds to check with."),
    )
    @click.option(
        "--seed",
        metavar="N",
        type=click.IntRange(min=0),
        help=speaker.say("第一个种子；默认随机选取。", "First seed; random by default."),
    )
    @click.pass_context
    def check(context: click.Context, names: tuple[str, ...], seeds: int, seed: int | None) -> int:
        course = course_of(context)
        chosen = [course.level(name) for name in names] or list(course.levels)
        first = secrets.randbelow(2**31 - seeds) if seed is None else seed
        return _check(course, chosen, first, seeds, speaker)

    return levels


def _list(course: Course, speaker: Speaker) -> None:
    for level in course.levels:
        click.echo(click.style(level.name, bold=True) + f"  {speaker.text(level.title)}")
        click.echo(f"    {speaker.text(level.summary)}")
        classes = name_list(judged.name for judged in level.classes)
        line = speaker.say(f"类：{classes.zh}", f"classes: {classes.en}")
        if level.requires:
            required = name_list(level.requires)
            line += speaker.say(f"；需要先通过：{required.zh}", f"; requires: {required.en}")
        click.echo(f"    {line}")
    first = course.levels[0].name
    click.echo(
        speaker.say(f"\n开始：handgrad start {first}", f"\nTo start: handgrad start {first}")
    )


def _check(
    course: Course, levels: list[Level], first_seed: int, seeds: int, speaker: Speaker
) -> int:
    from handgrad.judging import (
        Judge,
        check_level,
        mistake_coverage,
    )  # NumPy is not needed to list the levels

    failed = 0
    for seed in range(first_seed, first_seed + seeds):
        with Judge(seed=seed, course=course) as judge:
            for level in levels:
                findings = check_level(judge, level)
                failed += bool(findings)
                mark = click.style("✗", fg="red") if findings else click.style("✓", fg="green")
                count = len(level.wrong_answers) + len(level.right_answers)
                click.echo(
                    f"{mark} {level.name}  "
                    + speaker.say(
                        f"种子 {seed}，{count} 份预置答案", f"seed {seed}, {count} planted answers"
                    )
                )
                for one in mistake_coverage(judge, level) if not findings else ():
                    click.echo(f"    {_coverage_text(one, speaker)}")
                for finding in findings:
                    place = Path(level.folder.name) / finding.part
                    click.echo(f"    {place.as_posix()}: {speaker.text(finding.text)}")
    return 1 if failed else 0


def _coverage_text(one: MistakeCoverage, speaker: Speaker) -> str:
    exposed, pairs = len(one.exposure.exposed), one.separation.pairs
    return speaker.say(
        f"{one.class_name}：{exposed} 种已知错误都能抓住，{pairs} 对错误都能区分",
        f"{one.class_name}: the cases expose all {exposed} known mistakes and distinguish all "
        f"{pairs} pairs",
    )
