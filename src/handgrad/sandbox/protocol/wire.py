"""How frames are written to a pipe and read from it.

A frame is two little-endian lengths (header: 4 bytes, payload: 8 bytes), a header
in JSON and a payload of raw array bytes. Both lengths are checked against a cap
before anything is read. Pickle is never used.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable, Mapping
from typing import Any

LENGTHS = struct.Struct("<IQ")
ENCODER = json.JSONEncoder(separators=(",", ":"))

Read = Callable[[int], bytes]
Buffer = bytes | bytearray | memoryview
Write = Callable[[memoryview], int]


class BrokenFrame(Exception):
    """What arrived is not a valid frame: cut short, too long, or with an invalid header."""


class EndOfStream(BrokenFrame):
    """The other side closed the pipe between two frames."""


def frame(header: Mapping[str, Any], buffers: Iterable[Buffer] = ()) -> bytes:
    """The bytes of one frame."""
    text = ENCODER.encode(header).encode()
    payload = b"".join(buffers)
    return LENGTHS.pack(len(text), len(payload)) + text + payload


def write_all(write: Write, data: bytes) -> None:
    """Write every byte; a pipe may accept fewer than it is given."""
    rest = memoryview(data)
    while rest:
        rest = rest[write(rest) :]


def read_frame(
    read: Read, *, header_cap: int, payload_cap: int
) -> tuple[dict[str, Any], bytearray]:
    """The next frame.

    Raises:
        EndOfStream: the stream ended before a frame began.
        BrokenFrame: lengths beyond the caps, an incomplete frame, or a header that is not a JSON object.
    """
    start = _exactly(read, LENGTHS.size, at_start=True)
    header_length, payload_length = _lengths(start, header_cap, payload_cap)
    return _header(_exactly(read, header_length)), _exactly(read, payload_length)


def take_frame(
    arrived: bytearray, *, header_cap: int, payload_cap: int
) -> tuple[dict[str, Any], bytearray] | None:
    """Take the first frame out of the bytes that have arrived; None while it is incomplete.

    Raises:
        BrokenFrame: lengths beyond the caps, or a header that is not a JSON object.
    """
    if len(arrived) < LENGTHS.size:
        return None
    header_length, payload_length = _lengths(arrived, header_cap, payload_cap)
    start = LENGTHS.size + header_length
    end = start + payload_length
    if len(arrived) < end:
        return None
    header, payload = _header(arrived[LENGTHS.size : start]), arrived[start:end]
    del arrived[:end]
    return header, payload


def _lengths(data: bytearray, header_cap: int, payload_cap: int) -> tuple[int, int]:
    header_length, payload_length = LENGTHS.unpack_from(data)
    if header_length > header_cap or payload_length > payload_cap:
        raise BrokenFrame(f"{header_length} + {payload_length} bytes announced")
    return header_length, payload_length


def _header(text: bytearray) -> dict[str, Any]:
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BrokenFrame("the header is not JSON") from error
    if not isinstance(header, dict):
        raise BrokenFrame("the header is not a JSON object")
    return header


def _exactly(read: Read, count: int, *, at_start: bool = False) -> bytearray:
    data = bytearray(count)
    filled = 0
    while filled < count:
        piece = read(min(count - filled, 1 << 20))
        if not piece:
            if at_start and filled == 0:
                raise EndOfStream
            raise BrokenFrame("the stream ended inside a frame")
        data[filled : filled + len(piece)] = piece
        filled += len(piece)
    return data
