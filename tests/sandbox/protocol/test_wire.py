from __future__ import annotations

import io

import pytest

from handgrad.sandbox.protocol.wire import (
    LENGTHS,
    BrokenFrame,
    EndOfStream,
    frame,
    read_frame,
    take_frame,
)


def read(data, header_cap=1000, payload_cap=1000):
    return read_frame(io.BytesIO(data).read, header_cap=header_cap, payload_cap=payload_cap)


def test_a_frame_comes_back_as_it_was():
    data = frame({"frame": "x", "n": [1, "甲"]}, [memoryview(b"ab"), memoryview(b"c")])
    assert read(data) == ({"frame": "x", "n": [1, "甲"]}, bytearray(b"abc"))


def test_pieces_of_any_size_make_a_frame():
    stream = io.BytesIO(frame({"a": 1}, [memoryview(b"12345")]))
    header, payload = read_frame(lambda n: stream.read(min(n, 2)), header_cap=99, payload_cap=99)
    assert (header, payload) == ({"a": 1}, b"12345")


def test_the_end_between_frames_is_told_from_the_end_inside_one():
    with pytest.raises(EndOfStream):
        read(b"")
    for cut in range(1, len(frame({"a": 1}, [memoryview(b"123")]))):
        with pytest.raises(BrokenFrame) as caught:
            read(frame({"a": 1}, [memoryview(b"123")])[:cut])
        assert not isinstance(caught.value, EndOfStream)


@pytest.mark.parametrize(
    "data",
    [
        LENGTHS.pack(2**32 - 1, 0),
        LENGTHS.pack(2, 2**63) + b"{}",
        LENGTHS.pack(2, 0) + b"[]",
        LENGTHS.pack(3, 0) + b"\xff\xfe\xfd",
        LENGTHS.pack(900, 0) + b"[" * 900,
        LENGTHS.pack(8, 0) + b"\x80\x04\x95pickl",
    ],
)
def test_what_is_no_frame_is_refused_before_it_is_read(data):
    with pytest.raises(BrokenFrame):
        read(data)


def test_frames_are_taken_as_they_become_whole():
    data = frame({"a": 1}, [b"12345"]) + frame({"b": 2})
    arrived, taken = bytearray(), []
    for byte in data:
        arrived.append(byte)
        whole = take_frame(arrived, header_cap=99, payload_cap=99)
        if whole is not None:
            taken.append(whole)
    assert taken == [({"a": 1}, b"12345"), ({"b": 2}, b"")]
    assert arrived == b""


def test_what_is_announced_is_refused_before_it_has_arrived():
    with pytest.raises(BrokenFrame):
        take_frame(bytearray(LENGTHS.pack(1000, 0)), header_cap=999, payload_cap=0)
    with pytest.raises(BrokenFrame):
        take_frame(bytearray(LENGTHS.pack(0, 1)), header_cap=999, payload_cap=0)
