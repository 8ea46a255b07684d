"""Counts of a long campaign, kept between its runs: one line of JSON a chunk.

Each chunk says which seeds it took, of which code, and what came of them. Seeds follow each other
without gap or overlap, and chunks of different code are never added up.
"""

from __future__ import annotations

import collections
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CHUNK = 20.0
"""Seconds after which a chunk ends, so that a run that is killed loses no more."""

Outcome = tuple[str, str]
"""What came of one trial: what is counted, and what is to be remembered of it, if anything."""


def fingerprint() -> str:
    """Of the code that decides about NumPy layers, and of the layers that it is given.

    The adapters to torch and JAX have no part in it.
    """
    files = [
        *ROOT.glob("src/handgrad/gradcheck/**/*.py"),
        *ROOT.glob("src/handgrad/layers/*.py"),
        *ROOT.glob("tests/support/*.py"),
    ]
    digest = hashlib.sha256()
    for path in sorted(files):
        if not path.name.startswith(("torch_", "jax_")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@dataclass
class Tally:
    """The chunks of one campaign.

    Attributes:
        what: the campaign's name.
        seed: of its first trial.
        path: where chunks are kept; None for a campaign of one run.
        counts: of all chunks together.
        notes: of all chunks together.
        trials: how many there were.
    """

    what: str
    seed: int
    path: Path | None = None
    counts: collections.Counter[str] = field(default_factory=collections.Counter)
    notes: list[str] = field(default_factory=list)
    trials: int = 0

    def __post_init__(self) -> None:
        self.code = fingerprint()
        if self.path is None or not self.path.exists():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            chunk = json.loads(line)
            if chunk["what"] == self.what:
                self._count(chunk)

    @property
    def next_seed(self) -> int:
        """Of the first trial that has not been made."""
        return self.seed + self.trials

    def go_on(self, trials: int, trial: Callable[[int], Outcome], until: float) -> None:
        """Trials until there are so many, or until a time of `time.monotonic`."""
        while self.trials < trials and time.monotonic() < until:
            first, made, started = self.next_seed, 0, time.monotonic()
            counts: collections.Counter[str] = collections.Counter()
            notes = []
            while self.trials + made < trials and time.monotonic() - started < CHUNK:
                word, note = trial(first + made)
                counts[word] += 1
                notes += [note] if note else []
                made += 1
            chunk = {"what": self.what, "code": self.code, "first": first, "trials": made}
            self._keep({**chunk, "counts": counts, "notes": notes})

    def _keep(self, chunk: dict[str, Any]) -> None:
        self._count(chunk)
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(chunk) + "\n")

    def _count(self, chunk: dict[str, Any]) -> None:
        if chunk["code"] != self.code:
            raise SystemExit(
                f"{self.path}: counts of other code ({chunk['code']}; this is {self.code}). "
                "Give the name of a new file."
            )
        if chunk["first"] != self.next_seed:
            raise SystemExit(
                f"{self.path}: a chunk of '{self.what}' begins with seed {chunk['first']} where "
                f"{self.next_seed} comes next. With which --seed was the file begun?"
            )
        self.counts.update(chunk["counts"])
        self.notes += chunk["notes"]
        self.trials += chunk["trials"]
