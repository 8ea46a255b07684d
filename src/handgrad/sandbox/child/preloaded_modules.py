"""Loads every module that an answer may need: once the child is isolated, no file can be read."""

from __future__ import annotations

import codecs
import contextlib
import importlib
import sys
import time

from .answer.imports import IMPORTABLE

# Parts of NumPy that it loads itself when they are first used.
NUMPY_PARTS = (
    "char",
    "ctypeslib",
    "dtypes",
    "emath",
    "exceptions",
    "fft",
    "lib",
    "linalg",
    "ma",
    "polynomial",
    "random",
    "rec",
    "strings",
    "testing",
    "typing",
)
# Modules that the standard library imports inside functions.
LATE_MODULES = (
    "_strptime",
    "_pydecimal",
    "collections.abc",
    "json.tool",
    "locale",
    "stringprep",
    "tracemalloc",
    "traceback",
    "unicodedata",
)
# Encodings that Chinese, Western, Japanese, Korean and Russian editors declare or write.
ENCODINGS = (
    "ascii", "latin_1", "iso8859_1", "iso8859_2", "iso8859_5", "iso8859_9", "iso8859_15",
    "cp437", "cp850", "cp866", "cp1250", "cp1251", "cp1252", "cp1254", "koi8_r", "mac_roman",
    "gb2312", "gbk", "gb18030", "hz", "big5", "big5hkscs", "cp950",
    "shift_jis", "cp932", "euc_jp", "iso2022_jp", "euc_kr", "cp949",
    "utf_8", "utf_8_sig", "utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be",
    "utf_7", "raw_unicode_escape", "unicode_escape",
)  # fmt: skip


def preload() -> None:
    """Load all of them, except those that this Python does not have."""
    for name in (*IMPORTABLE, *LATE_MODULES):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    numpy = sys.modules["numpy"]
    for name in NUMPY_PARTS:
        with contextlib.suppress(ImportError, AttributeError):
            getattr(numpy, name)
    time.localtime()  # reads the time zone file
    for name in ENCODINGS:
        with contextlib.suppress(LookupError):
            codecs.lookup(name)
