"""Kills the lab's server again and again while answers come in, and counts what is lost.

    python bench/kill_lab.py [--kills 50] [--postgresql] [--seed N]

Each round starts ``handgrad lab``, lets a few clients hand in answers and read verdicts, and sends
SIGKILL at a random moment. At last the server is let alone until everything is judged. Then, from the
database itself: every answer that was accepted (202) is there and judged; it has one verdict for each
class of its level, of that very answer; and no verdict that anybody ever read is another one now.
On a SQLite file of its own, or a PostgreSQL server of its own (`tests/postgres.py`).
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import postgres

from handgrad.course import load_course
from handgrad.store.database import Database
from handgrad.store.tables import answers, verdicts

CLIENTS = 3
START_SECONDS = 60
LONGEST_ROUND = 1.5
LAST_SECONDS = 300


@dataclass
class Seen:
    """What the clients were told.

    Attributes:
        accepted: by number, the answers that were accepted, with the mark in their source.
        read: by number, the verdicts as they were read first.
        changed: numbers whose verdicts read differently later.
    """

    accepted: dict[int, str] = field(default_factory=dict)
    read: dict[int, str] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, number: int, verdicts_read: str) -> None:
        with self.lock:
            if self.read.setdefault(number, verdicts_read) != verdicts_read:
                self.changed.add(number)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Server:
    """``handgrad lab`` in a process of its own."""

    def __init__(self, options: list[str], log: Path) -> None:
        self.port = free_port()
        self._log = log.open("ab")
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", "handgrad", "lab", "--no-browser", "--lang", "en",
                "--port", str(self.port), *options,
            ],
            stdout=self._log, stderr=self._log,
        )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(OSError):
                self.ask("GET", "/api/session")
                return
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the server did not start:\n{log.read_text()}")
            time.sleep(0.02)

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=data,
            method=method,
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(asked, timeout=20) as reply:
                return reply.status, json.loads(reply.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._log.close()


def sources() -> dict[str, list[str]]:
    """Right and wrong answers of every level, each to be marked by what it prints."""
    found = {}
    for level in load_course().levels:
        planted = [p.source.decode() for p in level.wrong_answers if p.path.stem in CHOSEN]
        found[level.name] = [level.solution, *planted]
    return found


CHOSEN = ("db_not_summed", "dx_not_reshaped", "relu_mask_inverted", "divides_by_batch")


def hand_in(server: Server, seen: Seen, chance: random.Random, stop: threading.Event) -> None:
    """Hand in marked answers, wait for some, read others again, until the server is gone."""
    by_level = sources()
    while not stop.is_set():
        level = chance.choice(list(by_level))
        mark = secrets.token_hex(8)
        source = f"print({mark!r})\n" + chance.choice(by_level[level])
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
            status, told = server.ask("POST", f"/api/levels/{level}/answers", {"source": source})
            if status == 202:
                with seen.lock:
                    seen.accepted[told["answer"]] = mark
            number = chance.choice(list(seen.accepted) or [1])
            status, told = server.ask("GET", f"/api/answers/{number}")
            if status == 200 and told["state"] == "judged":
                seen.note(number, json.dumps(told["verdicts"], sort_keys=True))
        stop.wait(chance.uniform(0, 0.05))


def one_round(server: Server, seen: Seen, chance: random.Random) -> None:
    stop = threading.Event()
    clients = [
        threading.Thread(target=hand_in, args=(server, seen, random.Random(chance.random()), stop))
        for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    time.sleep(chance.uniform(0.05, LONGEST_ROUND))
    server.kill()
    stop.set()
    for client in clients:
        client.join()


def finish(server: Server, database: Database) -> None:
    """Let the server judge all that is left."""
    deadline = time.monotonic() + LAST_SECONDS
    while time.monotonic() < deadline:
        with database.reading() as connection:
            query = sa.select(sa.func.count()).where(answers.c.state != "judged")
            if not connection.scalar(query.select_from(answers)):
                break
        time.sleep(0.2)
    server.kill()


def count(database: Database, seen: Seen) -> dict[str, int]:
    """What the database itself says, beside what the clients were told."""
    classes = {level.name: [c.name for c in level.classes] for level in load_course().levels}
    with database.reading() as connection:
        stored = {row.id: row for row in connection.execute(sa.select(answers))}
        found: dict[int, list[Any]] = {number: [] for number in stored}
        for row in connection.execute(
            sa.select(verdicts).order_by(verdicts.c.answer, verdicts.c.position)
        ):
            found[row.answer].append(json.loads(row.document))
    told = {
        "accepted": len(seen.accepted),
        "stored": len(stored),
        "again": sum(row.attempts > 1 for row in stored.values()),
        "lost": sum(number not in stored for number in seen.accepted),
        "not_judged": sum(row.state != "judged" for row in stored.values()),
        "second_verdicts": 0,
        "without_verdict": 0,
        "of_another_answer": 0,
        "judge_errors": 0,
        "changed": len(seen.changed),
    }
    for number, row in stored.items():
        names = [one["class"] for one in found[number]]
        wanted = classes[row.level]
        told["second_verdicts"] += len(names) > len(set(names)) or len(names) > len(wanted)
        told["without_verdict"] += row.state == "judged" and names != wanted
        told["judge_errors"] += any(one["verdict"] == "judge-error" for one in found[number])
        mark = seen.accepted.get(number)
        if mark is not None and mark not in "".join(one["printed"] for one in found[number]):
            told["of_another_answer"] += 1
        read = seen.read.get(number)
        if read is not None and read != json.dumps(found[number], sort_keys=True):
            told["changed"] += 1
    return told


def killed(
    given: list[str], address: str, log: Path, kills: int, chance: random.Random
) -> dict[str, int]:
    """So many rounds, and what the database says afterwards."""
    seen = Seen()
    for _ in range(kills):
        one_round(Server(given, log), seen, chance)
    server, database = Server(given, log), Database(address)
    try:
        finish(server, database)
        return count(database, seen)
    finally:
        database.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--postgresql", action="store_true", help="instead of SQLite")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    options = parser.parse_args()
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="handgrad-kill-")))
        if options.postgresql:
            server_address = stack.enter_context(postgres.server())
            if server_address is None:
                raise SystemExit("There is no PostgreSQL here: apt-get install postgresql")
            address = stack.enter_context(postgres.database(server_address))
            given = ["--database", address]
        else:
            given, address = ["--data", str(folder)], f"sqlite:///{folder / 'lab.sqlite3'}"
        told = killed(given, address, folder / "log", options.kills, random.Random(options.seed))
    kind = "PostgreSQL" if options.postgresql else "SQLite"
    print(json.dumps({"database": kind, "kills": options.kills, "seed": options.seed} | told))
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
    bad = (
        "lost",
        "not_judged",
        "second_verdicts",
        "without_verdict",
        "of_another_answer",
        "changed",
    )
    return 1 if any(told[name] for name in (*bad, "judge_errors")) else 0


if __name__ == "__main__":
    sys.exit(main())
