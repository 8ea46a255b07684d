"""How fast the lab is, on loopback, asked as its pages ask: ``python bench/lab.py [PART…]``.

Parts: ``pages`` (what the first page weighs), ``run`` (Run to verdict, the HTTP part of it, live shapes,
drafts), ``page`` (the same in Chromium, from the click to what is drawn: `lab_page.py`), ``class`` (1,000
learners who hand in an answer within one minute), ``rush`` (200 at the same moment). The server is ``handgrad lab`` in a process of its own; who asks is another one on the same
processors. ``--postgresql`` instead of SQLite, ``--learners N``, ``--seconds S``.

The HTTP part is all that is not the judge: what a client waits from its first byte to the last one of
the verdict, less what the verdict itself says that judging took (`milliseconds`).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import hashlib
import hmac
import json
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import lab_page
import postgres
import sqlalchemy as sa

from handgrad.course import load_course
from handgrad.store.database import Database
from handgrad.store.invitations import Invitations
from handgrad.store.migration import bring_up_to_date
from handgrad.store.server_secret import server_secret
from handgrad.store.sessions import Sessions
from handgrad.store.tables import answers, verdicts

RUNS = 200
WARM_UP = 20
PARTS = ("pages", "run", "page", "class", "rush")
COOKIE = "handgrad_session"


@dataclass(frozen=True)
class Line:
    """One line of the table: what was measured, how much, what is allowed."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    def __str__(self) -> str:
        allowed = "" if self.limit is None else f"  (at most {self.limit:g} {self.unit})"
        mark = " " if self.limit is None else "✓" if self.value <= self.limit else "✗"
        return f"{mark} {self.name:<58} {self.value:10.2f} {self.unit}{allowed}"


@dataclass(frozen=True)
class Reply:
    """What came back, and how long it took."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    def json(self) -> Any:
        return json.loads(self.body)


class Connection:
    """A connection that is kept, as a browser keeps it."""

    def __init__(self, port: int, headers: dict[str, str] | None = None) -> None:
        self._port = port
        self._headers = {"Host": f"127.0.0.1:{port}"} | (headers or {})
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: Any = None, **more: str) -> Reply:
        content = b"" if body is None else json.dumps(body).encode()
        headers = self._headers | more
        if body is not None:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        started = time.perf_counter()
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 22)
        reader, writer = self._streams
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content)
        told = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        found = dict(line.split(": ", 1) for line in told[1:] if line)
        size = int(found.get("content-length", 0))
        received = await reader.readexactly(size)
        seconds = time.perf_counter() - started
        return Reply(int(told[0].split()[1]), found, received, seconds)

    async def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            with contextlib.suppress(OSError):
                await self._streams[1].wait_closed()


@dataclass(frozen=True)
class Server:
    """A lab that serves."""

    port: int
    process: int

    def memory(self) -> tuple[float, float]:
        """MiB at its peak: of the server itself, and with every process it started, summed now."""
        peak = _status(self.process, "VmHWM")
        return peak, sum(_status(one, "VmRSS") for one in _family(self.process))


def _status(process: int, name: str) -> float:
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024
    return 0.0


def _family(process: int) -> Iterator[int]:
    yield process
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))


@contextlib.contextmanager
def serving(*options: str) -> Iterator[Server]:
    """``handgrad lab`` on a free port, warm."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable, "-m", "handgrad", "lab", "--no-browser", "--lang", "en",
            "--port", str(port), *options,
        ],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        if "http" not in process.stdout.readline():
            raise SystemExit("the lab did not start")
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so many are not above."""
    return sorted(values)[max(0, int(len(values) * share + 0.999999) - 1)]


def weigh(server: Server) -> list[Line]:
    """What a browser loads for the first page and for a level."""

    async def weighed(path: str) -> tuple[float, float, int]:
        connection = Connection(server.port)
        wanted = {"Accept-Encoding": "br, gzip", "Accept-Language": "zh"}
        page = await connection.ask("GET", path, **wanted)
        code = decoded(page)
        found = dict.fromkeys(re.findall(r'(?:src|href)="(/static/[^"]+)"', code))
        found |= dict.fromkeys(re.findall(r'(/static/[^"\')]+\.woff2)', code))
        sizes = {path: len(page.body)}
        for name in found:
            reply = await connection.ask("GET", name, **wanted)
            assert reply.status == 200, name
            sizes[name] = len(reply.body)
        await connection.close()
        fonts = sum(size for name, size in sizes.items() if name.endswith(".woff2"))
        return (sum(sizes.values()) - fonts) / 1024, fonts / 1024, len(sizes)

    lines = []
    for path, name in (("/", "the map"), ("/levels/fully-connected", "a level")):
        before, fonts, count = asyncio.run(weighed(path))
        lines += [
            Line(f"{name}: {count} files, before fonts", before, "KB", 150),
            Line(f"{name}: with fonts", before + fonts, "KB", 230),
        ]
    return lines


def decoded(page: Reply) -> str:
    coding = page.headers.get("content-encoding")
    return (gzip.decompress(page.body) if coding == "gzip" else page.body).decode()


def run_alone(server: Server) -> list[Line]:
    """One learner who presses Run, types, and looks at the map."""
    return asyncio.run(_run_alone(server))


async def _run_alone(server: Server) -> list[Line]:
    connection, lines = Connection(server.port), []
    course = load_course()
    for level in course.levels:
        chosen = {"a right answer": level.solution}
        chosen["a wrong answer"] = level.wrong_answers[0].source.decode()
        for name, source in chosen.items():
            waits, rest = [], []
            path = f"/api/levels/{level.name}/answers?wait=30"
            for number in range(RUNS // 4 + WARM_UP):
                reply = await connection.ask("POST", path, {"source": source})
                judge = max(one["milliseconds"] for one in reply.json())
                if number >= WARM_UP:
                    waits.append(reply.seconds * 1e3)
                    rest.append(reply.seconds * 1e3 - judge)
                await asyncio.sleep(0.02)  # nobody presses Run faster than children are forked
            what = f"{level.name}, {name}"
            lines.append(
                Line(f"Run to verdict: {what}, median", statistics.median(waits), "ms", 60)
            )
            lines.append(Line("  of it not the judge, median", statistics.median(rest), "ms", 5))
    level = course.levels[0]
    for name, method, path, limit in (
        ("live shapes", "POST", f"/api/levels/{level.name}/shapes", 150.0),
        ("a draft saved", "PUT", f"/api/levels/{level.name}/draft", 5.0),
        ("the map as JSON", "GET", "/api/levels", 5.0),
        ("the map as a page", "GET", "/", 5.0),
        ("a level as a page", "GET", f"/levels/{level.name}", None),
        ("the history", "GET", f"/api/levels/{level.name}/answers", 5.0),
    ):
        waits, base = [], None
        for number in range(RUNS + WARM_UP):
            body = {"source": f"{level.solution}# {number}"} if method != "GET" else None
            if method == "PUT" and body is not None:
                body["base"] = base
            reply = await connection.ask(method, path, body)
            if method == "PUT":
                base = reply.json()["revision"]
            waits.append(reply.seconds * 1e3)
        waits = waits[WARM_UP:]
        lines.append(Line(f"{name}, median", statistics.median(waits), "ms", limit))
        lines.append(Line(f"{name}, 95 of 100", percentile(waits, 0.95), "ms"))
    await connection.close()
    return lines


@dataclass(frozen=True)
class Pupil:
    """A learner of the class, and what their browser sends."""

    number: int
    headers: dict[str, str]


def enrol(address: str, count: int) -> list[Pupil]:
    """A class with a session for each, as if all had signed in."""
    database = Database(address)
    bring_up_to_date(database)
    invitations, sessions = Invitations(database), Sessions(database)
    code, secret = invitations.invite_class().code, server_secret(database)
    pupils = []
    for number in range(count):
        learner = invitations.join(code, f"learner {number}", "no password")
        session = sessions.begin(learner)
        token = hmac.new(secret, f"page {session}".encode(), hashlib.sha256).hexdigest()
        headers = {"Cookie": f"{COOKIE}={session}", "X-Handgrad": "1", "X-CSRF-Token": token}
        pupils.append(Pupil(learner.number, headers))
    database.close()
    return pupils


def what_a_class_writes(chance: random.Random) -> tuple[str, str]:
    """A level and an answer: half of them right, the others with a mistake that learners make."""
    level = chance.choice(load_course_once())
    if chance.random() < 0.5:
        return level.name, level.solution
    planted = chance.choice(
        [one for one in level.wrong_answers if one.verdict in ("wrong", "error") and _is_text(one)]
    )
    return level.name, planted.source.decode()


def _is_text(planted: Any) -> bool:
    with contextlib.suppress(UnicodeDecodeError):
        planted.source.decode()
        return True
    return False


def load_course_once(course: list[Any] = []) -> Any:  # noqa: B006 -- read once
    if not course:
        course.extend(load_course().levels)
    return course


async def hand_in_together(
    server: Server, pupils: Sequence[Pupil], seconds: float, chance: random.Random
) -> tuple[list[float], Counter[str]]:
    """Everybody hands in one answer at a moment of their own and waits; how long, and what came."""
    waits: list[float] = []
    came: Counter[str] = Counter()

    async def one(pupil: Pupil, moment: float, level: str, source: str) -> None:
        await asyncio.sleep(moment)
        connection = Connection(server.port, pupil.headers)
        started = time.perf_counter()
        try:
            path = f"/api/levels/{level}/answers?wait=60"
            reply = await connection.ask("POST", path, {"source": source})
            if reply.status == 200:
                came.update(verdict["verdict"] for verdict in reply.json()[:1])
                waits.append(time.perf_counter() - started)
            else:
                came[f"status {reply.status}"] += 1
        except (OSError, asyncio.IncompleteReadError) as error:
            came[type(error).__name__] += 1
        await connection.close()

    plans = [(chance.uniform(0, seconds), *what_a_class_writes(chance)) for _ in pupils]
    await asyncio.gather(*(one(pupil, *plan) for pupil, plan in zip(pupils, plans, strict=True)))
    return waits, came


def together(
    server: Server, pupils: Sequence[Pupil], seconds: float, address: str, limit: float | None
) -> list[Line]:
    """The lines of a class that hands in within so many seconds."""
    before, _ = server.memory()
    started = time.perf_counter()
    waits, came = asyncio.run(hand_in_together(server, pupils, seconds, random.Random(1)))
    took = time.perf_counter() - started
    peak, family = server.memory()
    database = Database(address)
    numbers = [pupil.number for pupil in pupils]
    with database.reading() as connection:
        mine = sa.select(answers.c.id, answers.c.state).where(answers.c.learner.in_(numbers))
        rows = connection.execute(mine).all()
        judged = connection.scalar(sa.select(sa.func.count(sa.distinct(verdicts.c.answer))))
    database.close()
    lost = len(pupils) - len(waits)
    undecided = sum(row.state != "judged" for row in rows)
    what = f"{len(pupils)} learners in {seconds:g} s"
    print(
        f"  {what}: {dict(came)}; {judged} answers judged in all; {len(waits) / took:.1f} a second"
    )
    return [
        Line(f"{what}: without a verdict", lost + undecided, "", 0),
        Line(f"{what}: median", statistics.median(waits), "s"),
        Line(f"{what}: 99 of 100", percentile(waits, 0.99), "s", limit),
        Line(f"{what}: the longest", max(waits), "s"),
        Line(f"{what}: the server's memory, peak", peak, "MiB"),
        Line(f"{what}: of it since the first answer", peak - before, "MiB"),
        Line(f"{what}: with the sandbox, at the end", family, "MiB"),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=list(PARTS))
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--learners", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    kind = "PostgreSQL" if options.postgresql else "SQLite"
    print(f"{os.cpu_count()} processors, {kind}, Python {sys.version.split()[0]}")
    lines: list[Line] = []
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="handgrad-bench-")))
        address = f"sqlite:///{folder / 'class' / 'lab.sqlite3'}"
        given = ["--data", str(folder / "class")]
        if options.postgresql:
            found = stack.enter_context(postgres.server())
            assert found is not None, "apt-get install postgresql"
            address = stack.enter_context(postgres.database(found))
            given = ["--database", address]
        if {"pages", "run", "page"} & set(options.parts):
            with serving("--data", str(folder / "alone")) as server:
                time.sleep(3)  # the workers warm up
                lines += weigh(server) if "pages" in options.parts else []
                lines += run_alone(server) if "run" in options.parts else []
                if "page" in options.parts:
                    lines += lab_page.in_the_page(server.port, Line)
        if {"class", "rush"} & set(options.parts):
            (folder / "class").mkdir()
            pupils = enrol(address, options.learners)
            with serving("--class", *given) as server:
                time.sleep(3)
                if "class" in options.parts:
                    lines += together(server, pupils, options.seconds, address, 2)
                if "rush" in options.parts:
                    lines += together(server, pupils[:200], 0, address, None)
    print(*lines, sep="\n")
    return 1 if any(line.limit is not None and line.value > line.limit for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
