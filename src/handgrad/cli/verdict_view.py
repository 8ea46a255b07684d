"""Prints verdicts for a person: on a wide or a narrow terminal, in colour or without."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from handgrad.cli.console import Speaker, can_print
from handgrad.cli.line_wrapping import wrapped_lines
from handgrad.cli.matrix_text import matrix_lines, shape_of
from handgrad.course import Level
from handgrad.diagnosis.verdict import Verdict
from handgrad.diagnosis.verdict_names import ERROR_KINDS, VERDICTS, VerdictName, require_each
from handgrad.languages import Text, printable

STYLES: dict[VerdictName, str] = {
    "judge-error": "magenta",
    "forbidden": "red",
    "time-limit": "red",
    "memory-limit": "red",
    "output-limit": "red",
    "error": "yellow",
    "wrong": "red",
    "pass": "green",
}
require_each(VerdictName, STYLES)
MAX_PRINTED_LINES = 20


class VerdictView:
    """Writes verdicts to standard output."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self.console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
        plain = not can_print("✓✗─│╵", sys.stdout) or os.environ.get("TERM") == "dumb"
        self.right, self.wrong = ("ok", "x") if plain else ("✓", "✗")
        self.bar, self.line = ("|", "-") if plain else ("│", "─")

    def show(self, verdict: Verdict) -> None:
        """Print one verdict with its message, the example to work out by hand, and the seed."""
        self._headline(verdict)
        for paragraph in self.speaker.text(verdict.message).split("\n"):
            self._indented(printable(paragraph))
        self._source_line(verdict)
        self._counterexample(verdict)
        self._printed(verdict)
        if verdict.verdict in ("wrong", "error") and verdict.cases.run:
            self._repeat(verdict)
        self.console.print()

    def summary(self, verdicts: Sequence[Verdict]) -> None:
        """Print a line for each verdict, and how many classes pass."""
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
        has_one_class = len({verdict.class_name for verdict in verdicts}) == 1
        for verdict in verdicts:
            mark = self.right if verdict.verdict == "pass" else self.wrong
            named = ", ".join(m.mistake for m in verdict.mistakes) or ", ".join(verdict.warnings)
            table.add_row(
                Styled(mark, style=STYLES[verdict.verdict]),
                Styled(printable(verdict.file), overflow="fold"),
                Styled("" if has_one_class else printable(verdict.class_name)),
                Styled(self._word(verdict), style=STYLES[verdict.verdict]),
                Styled(named, style="dim"),
            )
        self.console.print(table)
        passed = sum(verdict.verdict == "pass" for verdict in verdicts)
        self.console.print(
            self.speaker.say(
                f"{len(verdicts)} 个类，{passed} 个通过。",
                f"{passed} of {len(verdicts)} classes pass.",
            )
        )

    def point_to_hints(self, verdicts: Sequence[Verdict], level: Level) -> None:
        """After a single answer that does not pass, print the command for a hint."""
        files = {verdict.file for verdict in verdicts}
        is_theirs = any(verdict.verdict not in ("pass", "judge-error") for verdict in verdicts)
        if len(files) == 1 and is_theirs:
            self.console.print(
                Styled(
                    self.speaker.say(
                        f"查看提示：handgrad hint {level.name}",
                        f"For a hint: handgrad hint {level.name}",
                    ),
                    style="dim",
                )
            )

    def _headline(self, verdict: Verdict) -> None:
        mark = self.right if verdict.verdict == "pass" else self.wrong
        style = f"bold {STYLES[verdict.verdict]}"
        self.console.print(
            Styled.assemble(
                (f"{mark} ", style),
                (printable(verdict.class_name), "bold"),
                (f"  {self._word(verdict)}", style),
                (f"  {printable(verdict.file)}", "dim"),
            )
        )

    def _word(self, verdict: Verdict) -> str:
        word = self.speaker.text(VERDICTS[verdict.verdict].word)
        if verdict.kind is None:
            return word
        kind = self.speaker.text(ERROR_KINDS[verdict.kind].word)
        return f"{word}{self.speaker.say('：', ': ')}{kind}"

    def _indented(self, text: str, style: str = "") -> None:
        for line in wrapped_lines(text, max(4, self.console.width - 2)):
            self.console.print(Styled(f"  {line}", style=style), soft_wrap=True)

    def _source_line(self, verdict: Verdict) -> None:
        """The learner's line with a mark under the column, also behind wide characters."""
        if verdict.source_line is None or verdict.line is None:
            return
        head = f"{verdict.line} {self.bar} "
        code = printable(verdict.source_line.expandtabs(4))
        self._unwrapped(f"  {head}{code}")
        if verdict.column is not None:
            before = printable(verdict.source_line[: verdict.column - 1].expandtabs(4))
            self._unwrapped("  " + " " * (len(head) + cell_len(before)) + "^", style="red")

    def _counterexample(self, verdict: Verdict) -> None:
        """The smallest failing case: inputs, received and expected arrays, and one entry by hand."""
        one = verdict.counterexample
        raises_always = verdict.verdict == "error" and verdict.cases.failed == verdict.cases.run
        if one is None or (raises_always and not one.received):
            return  # the line that raises is shown already, and any input raises
        sizes = ", ".join(f"{name} = {size}" for name, size in one.sizes.items())
        head = self.speaker.say(f"可以手算的例子（{sizes}）：", f"To work out by hand ({sizes}):")
        self._indented(head, "bold")
        layouts = {n: self.speaker.text(LAYOUTS[how]) for n, how in one.layouts.items()}
        self._matrices(
            {
                f"{name} ({layouts[name]})" if name in layouts else name: value
                for name, value in one.inputs.items()
            }
        )
        if kinds := _kinds_of_layers(one.steps):
            self._unwrapped(f"    {printable(kinds)}", style="dim")
        for array, received in one.received.items():
            came = self.speaker.say("（未赋值）", "(not set)") if received is None else received
            dtype = f" ({one.dtypes[array]})" if array in one.dtypes else ""
            beside = {self.speaker.say(f"你的 {array}{dtype}", f"your {array}{dtype}"): came}
            if one.expected is not None:
                right = one.expected[array]
                beside[self.speaker.say(f"正确的 {array}", f"correct {array}")] = right
            shapes = [shape_of(value) for value in beside.values()]
            if len(set(shapes)) > 1 and not isinstance(
                received, str
            ):  # one axis and two axes look the same when printed
                beside = {
                    f"{name} {shape}": value
                    for (name, value), shape in zip(beside.items(), shapes, strict=True)
                }
            self._matrices(beside)
        for name, after in one.changed.items():
            given = self.speaker.say(f"调用前的 {name}", f"{name} before")
            later = self.speaker.say(f"调用后的 {name}", f"{name} after")
            self._matrices({given: one.inputs.get(name), later: after})
        if one.raised:
            self._indented(f"  {printable(one.raised)}")
        for line in one.by_hand:
            self._indented(f"  {printable(line)}", "cyan")

    def _matrices(self, arrays: Mapping[str, Any]) -> None:
        for line in matrix_lines(arrays, max(20, self.console.width - 4)):
            self._unwrapped(f"    {printable(line)}")

    def _printed(self, verdict: Verdict) -> None:
        if not verdict.printed:
            return
        lines = printable(verdict.printed.rstrip("\n")).split("\n")
        self._indented(self.speaker.say("你的代码打印了：", "Your code printed:"), "dim")
        for line in lines[:MAX_PRINTED_LINES]:
            self._unwrapped(f"    {line}", style="dim")
        if len(lines) > MAX_PRINTED_LINES:
            more = len(lines) - MAX_PRINTED_LINES
            self._indented(self.speaker.say(f"……还有 {more} 行", f"… {more} more lines"), "dim")

    def _repeat(self, verdict: Verdict) -> None:
        self._indented(
            self.speaker.say(
                f"{verdict.cases.run} 个测试中 {verdict.cases.failed} 个未通过；"
                f"重现：--seed {verdict.seed}",
                f"{verdict.cases.failed} of {verdict.cases.run} cases fail; "
                f"to repeat: --seed {verdict.seed}",
            ),
            "dim",
        )

    def _unwrapped(self, line: str, style: str = "") -> None:
        self.console.print(Styled(line, style=style), no_wrap=True, overflow="ellipsis", crop=True)


CALL_WITHOUT_ARGUMENTS = re.compile(r"(\w+)\(\)")


def _kinds_of_layers(steps: Sequence[str]) -> str:
    """The classes of a network's layers, if the case chooses them."""
    for line in steps:
        if len(CALL_WITHOUT_ARGUMENTS.findall(line)) > 1:
            return line.partition("(")[2].rpartition(")")[0].replace("()", "")
    return ""


LAYOUTS = {
    "column-major": Text(zh="按列存储", en="column-major"),
    "reversed": Text(zh="反向的视图", en="a reversed view"),
    "strided": Text(zh="内存中不连续", en="not contiguous"),
}
"""How an input is laid out in memory, if not row after row."""
