"""The bundle's files: in memory, compressed already, good for ever, since a changed one has another name."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from handgrad.lab.http_problems import NO_SUCH_PAGE, HttpProblem
from handgrad.lab.page_templates import STATIC

router = APIRouter(include_in_schema=False)
CODINGS = (("br", ".br"), ("gzip", ".gz"))
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".txt": "text/plain"}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class StaticFile:
    """A file in every coding in which it lies ready.

    Attributes:
        kind: its media type.
        plain: its bytes.
        coded: by coding, its bytes.
    """

    kind: str
    plain: bytes
    coded: dict[str, bytes]


def read_bundle(folder: Path = STATIC) -> dict[str, StaticFile]:
    """Every file of the bundle by its name below ``/static/``; nothing hidden, no links out."""
    files = {}
    suffixes = tuple(suffix for _, suffix in CODINGS)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if is_hidden or path.is_symlink() or not path.is_file() or name.endswith(suffixes):
            continue
        coded = {
            coding: beside.read_bytes()
            for coding, suffix in CODINGS
            if (beside := path.with_name(path.name + suffix)).is_file()
        }
        kind = TYPES.get(path.suffix) or mimetypes.guess_type(name)[0]
        files[name] = StaticFile(kind or "application/octet-stream", path.read_bytes(), coded)
    return files


@router.api_route("/static/{name:path}", methods=["GET", "HEAD"])
async def static_file(request: Request, name: str) -> Response:
    """A file of the bundle, in the best coding that the browser takes."""
    files: dict[str, StaticFile] = request.app.state.bundle
    if name not in files:
        raise HttpProblem(404, NO_SUCH_PAGE)
    file = files[name]
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    accepted = accepted_codings(request.headers.get("accept-encoding", ""))
    for coding, _ in CODINGS:
        if coding in accepted and coding in file.coded:
            headers["Content-Encoding"] = coding
            return Response(file.coded[coding], media_type=file.kind, headers=headers)
    return Response(file.plain, media_type=file.kind, headers=headers)


def accepted_codings(header: str) -> set[str]:
    """The codings that an ``Accept-Encoding`` header accepts.

    >>> sorted(accepted_codings("gzip, br;q=0.5, zstd;q=0"))
    ['br', 'gzip']
    """
    found = set()
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        if parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            found.add(name.strip())
    return found - {""}
