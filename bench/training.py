"""One training step of four networks side by side: ours, the peers', and the products alone.

    python bench/training.py --rows A,C --threads 2 --rounds 15
    python bench/training.py --growth --threads 2

float32; each competitor in a process of its own, in turn. Ratios are to the time of the pure matrix
products (NumPy's, into arrays that exist): the least over the least, and the median over rounds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection
from functools import partial
from typing import Any

import interleaved
import tables
import training_peers as peers

from handgrad import kernels

LIMIT = "products"
GROWN = (LIMIT, "handgrad native", "handgrad numpy", "PyTorch eager")
"""Who is measured while batch, width and depth grow."""


def ours(row: peers.Row, engine: str) -> peers.Step:
    kernels.use_engine(engine)
    return peers.handgrad(row)


def competitors(
    row: peers.Row, threads: int, names: Collection[str] | None = None
) -> dict[str, interleaved.Competitor]:
    """All of them, or those of these names; the limit always."""
    environment = interleaved.threads_of(threads)
    makes: dict[str, Any] = {
        LIMIT: peers.products,
        "handgrad native": partial(ours, engine="native"),
        "handgrad numpy": partial(ours, engine="numpy"),
        **peers.installed(),
    }
    if kernels.engine().fallback is not None:
        del makes["handgrad native"]
    found = {
        name: interleaved.Competitor(make, (row,), environment)
        for name, make in makes.items()
        if names is None or name in names
    }
    if threads > 1 and names is None and "handgrad native" in makes:
        # Two pools of threads would fight: a step with BLAS free to use its own, and one without.
        alone = environment | {"OPENBLAS_NUM_THREADS": "1"}
        found["native, BLAS at 1"] = interleaved.Competitor(makes["handgrad native"], (row,), alone)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", default="A,B,C,D")
    options.add_argument("--threads", default="1,2")
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--seconds", type=float, default=0.05, help="of products in a turn")
    options.add_argument("--growth", action="store_true", help="batch, width and depth instead")
    options.add_argument("--write", action="store_true", help="keep it, and make the pages again")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    facts = interleaved.machine()
    part = "growth" if chosen.growth else "steps"
    rows = peers.GROWTH if chosen.growth else peers.ROWS
    missing = sorted(set(peers.PEERS) - set(peers.installed()))
    found = []
    if not chosen.json:
        print(facts, f"\nnot installed: {', '.join(missing)}" if missing else "")
    for threads in map(int, chosen.threads.split(",")):
        for row in (row for row in rows if chosen.growth or row.name in chosen.rows.split(",")):
            here = competitors(row, threads, GROWN if chosen.growth else None)
            results = interleaved.race(here, LIMIT, chosen.rounds, chosen.seconds)
            title = f"{row.title}, {threads} thread{'s' * (threads > 1)}"
            found.append({"row": title, "results": results})
            if chosen.write:
                tables.record(part, threads, row.title, LIMIT, results)
            if not chosen.json:
                interleaved.tell(title, results, LIMIT)
    if chosen.write:
        tables.write()
    if chosen.json:
        print(json.dumps({"machine": facts, "missing": missing, "rows": found}))


if __name__ == "__main__":
    main()
