"""Drafts followed in this process, without a sandbox: for tests of what follows them."""

from __future__ import annotations

import ast
from typing import Any

from handgrad.sandbox.child.answer.source import source_lines
from handgrad.sandbox.child.draft.instrumentation import Instrumented, instrument
from handgrad.sandbox.child.draft.tracer import Tracer


class Kept:
    """A channel that keeps what is sent."""

    def __init__(self) -> None:
        self.frames: list[tuple[dict[str, Any], bytes]] = []

    def send(self, header: dict[str, Any], buffers: Any = ()) -> None:
        self.frames.append((header, b"".join(buffers)))

    @property
    def records(self) -> dict[int, dict[str, Any]]:
        """The last record of each place."""
        return {r["number"]: r for header, _ in self.frames for r in header["records"]}


class Followed:
    """A source that ran while it was followed.

    Attributes:
        names: what its module holds afterwards.
        error: the exception that ended it, or None.
    """

    def __init__(self, source: str) -> None:
        self.channel = Kept()
        self.instrumented: Instrumented = instrument(ast.parse(source))
        self.tracer = Tracer(self.channel, source_lines(source))
        self.tracer.follow(self.instrumented)
        self.names: dict[str, Any] = {"__name__": "__main__", **self.tracer.helpers()}
        self.error: BaseException | None = None
        try:
            exec(compile(self.instrumented.tree, "followed.py", "exec"), self.names)
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


def follow(source: str) -> Followed:
    """Run a source and follow it."""
    return Followed(source)
