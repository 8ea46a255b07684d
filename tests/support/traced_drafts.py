"""Drafts traced in this process, without a sandbox: for tests of the tracer."""

from __future__ import annotations

import ast
from typing import Any

from handgrad.sandbox.child.answer.source import source_lines
from handgrad.sandbox.child.draft.instrumentation import InstrumentedTree, instrument
from handgrad.sandbox.child.draft.tracer import Tracer


class KeptFrames:
    """A channel that keeps what is sent."""

    def __init__(self) -> None:
        self.frames: list[tuple[dict[str, Any], bytes]] = []

    def send(self, header: dict[str, Any], buffers: Any = ()) -> None:
        self.frames.append((header, b"".join(buffers)))

    @property
    def records(self) -> dict[int, dict[str, Any]]:
        """The last record of each trace point."""
        return {r["number"]: r for header, _ in self.frames for r in header["records"]}


class TracedSource:
    """A source that ran while it was traced.

    Attributes:
        names: the names of its module afterwards.
        error: the exception that ended it, or None.
    """

    def __init__(self, source: str) -> None:
        self.channel = KeptFrames()
        self.instrumented: InstrumentedTree = instrument(ast.parse(source))
        self.tracer = Tracer(self.channel, source_lines(source), self.instrumented.points)
        self.names: dict[str, Any] = {"__name__": "__main__", **self.tracer.helpers()}
        self.error: BaseException | None = None
        try:
            exec(compile(self.instrumented.tree, "traced.py", "exec"), self.names)
        except BaseException as error:
            self.error = error
        self.tracer.flush()

    def shown(self, line: int) -> list[tuple[str, str, str, list[int], int]]:
        """What is shown beside a line: role, name, formula, shape, count."""
        return [
            (r["role"], r["name"], r["formula"], r["shape"], r["count"])
            for r in self.channel.records.values()
            if r["line"] == line and r["role"] != "inner"
        ]


def trace(source: str) -> TracedSource:
    """Run a source and trace it."""
    return TracedSource(source)
