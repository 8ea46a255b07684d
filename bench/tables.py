"""What was measured, kept in one file, and put as tables into the pages of both languages.

A run measures a few rows; what it measured replaces those rows in ``docs/bench/training.json``, and
all tables are made again from that file. Each table stands between two markers of the pages.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "docs" / "bench"
RECORD = FOLDER / "training.json"
PAGES = {"en": FOLDER / "training.md", "zh": FOLDER / "training.zh.md"}
PACKAGES = ("numpy", "torch", "jax", "scikit-learn", "thinc")
WORDS = {
    "row": {"en": "row", "zh": "行"},
    "products": {"en": "products, ms", "zh": "矩阵乘积，毫秒"},
    "limit": {"en": "limit, ms", "zh": "极限，毫秒"},
    "threads": {"en": "{n} threads", "zh": "{n} 个线程"},
    "memory": {"en": "peak memory, MiB", "zh": "峰值内存，MiB"},
    "cores": {"en": "cores", "zh": "核"},
}

Result = dict[str, Any]


def record(part: str, threads: int, row: str, limit: str, results: Sequence[Result]) -> None:
    """Keep one row, in place of what was there for it."""
    entries = [e for e in _kept() if (e["part"], e["threads"], e["row"]) != (part, threads, row)]
    entry = {"part": part, "threads": threads, "row": row, "limit": limit, "results": results}
    entries = sorted([*entries, entry], key=lambda e: (e["part"], -e["threads"]))
    lines = ",\n".join(json.dumps(e, ensure_ascii=False) for e in entries)
    RECORD.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def _kept() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else []
    return found


def write() -> None:
    """Make every table of the pages again."""
    kept = _kept()
    for part in sorted({entry["part"] for entry in kept}):
        entries = [entry for entry in kept if entry["part"] == part]
        for language, page in PAGES.items():
            put(page, part, "\n\n".join(_tables(entries, language)))
    for language, page in PAGES.items():
        put(page, "machine", machine(language))


def _tables(entries: Sequence[dict[str, Any]], language: str) -> list[str]:
    """A table of ratios for each number of threads, and one of memory for the first of them."""
    made, counts = [], sorted({entry["threads"] for entry in entries}, reverse=True)
    for count in counts:
        chosen = sorted(
            (e for e in entries if e["threads"] == count), key=lambda e: _order(e["row"])
        )
        title = WORDS["threads"][language].format(n=count)
        if count == 1:
            title = title.replace("threads", "thread")
        made.append(f"**{title}**\n\n{ratios(chosen, language)}")
        if count == counts[0]:
            made.insert(0, f"**{WORDS['memory'][language]}**\n\n{memory(chosen, language)}")
    return [*made[1:], made[0]]


def _order(row: str) -> tuple[Any, ...]:
    """Words by the alphabet, numbers by their size."""
    words = row.replace("×", " ").replace("-", " ").replace(",", " ").split()
    return tuple((0, int(w), "") if w.isdecimal() else (1, 0, w) for w in words)


def _competitors(entries: Sequence[dict[str, Any]]) -> list[str]:
    names: dict[str, None] = {}
    for entry in entries:
        names |= {r["name"]: None for r in entry["results"] if r["name"] != entry["limit"]}
    return list(names)


def ratios(entries: Sequence[dict[str, Any]], language: str) -> str:
    """Least over least, and in brackets the median of the rounds' ratios; * where disturbed."""
    names, limit = _competitors(entries), entries[0]["limit"]
    rows = []
    for entry in entries:
        by = {r["name"]: r for r in entry["results"]}
        mark = " *" if any(r["disturbed"] for r in entry["results"]) else ""
        cells = [f"{by[n]['ratio_min']:.2f} ({by[n]['ratio_median']:.2f})" if n in by else ""
                 for n in names]  # fmt: skip
        rows.append([entry["row"] + mark, f"{by[limit]['ms_min']:.3g}", *cells])
    return table([WORDS["row"][language], WORDS[limit][language], *names], rows)


def memory(entries: Sequence[dict[str, Any]], language: str) -> str:
    """The most that each process held, interpreter and libraries included."""
    names = [entries[0]["limit"], *_competitors(entries)]
    rows = []
    for entry in entries:
        by = {r["name"]: r for r in entry["results"]}
        rows.append([entry["row"], *(f"{by[n]['peak_mib']:.0f}" if n in by else "" for n in names)])
    return table([WORDS["row"][language], *(_bare(n, language) for n in names)], rows)


def _bare(name: str, language: str) -> str:
    """The limit's word without its unit; a competitor's name as it is."""
    return WORDS[name][language].replace("，", ", ").split(", ")[0] if name in WORDS else name


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def put(page: Path, part: str, text: str) -> None:
    """Put a text between the markers of that name."""
    begin, end = f"<!-- {part} -->", f"<!-- end of {part} -->"
    head, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, ended, tail = rest.partition(end)
    if not (found and ended):
        raise SystemExit(f"{page.name} must have the markers {begin} and {end}")
    page.write_text(f"{head}{begin}\n{text}\n{end}{tail}", encoding="utf-8")


def machine(language: str) -> str:
    """What the figures hold for, without naming any machine."""
    versions = []
    for name in PACKAGES:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    cores = f"{os.cpu_count()} {WORDS['cores'][language]}"
    return ", ".join([cores, platform.machine(), f"Python {platform.python_version()}", *versions])
