"""Attacks on files: reading what is the teacher's, writing what should not be there."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from attacks.attack import Attack
from attacks.effects import FileIs, SizeTold, Told

OPENING = ("empty-root", "landlock", "seccomp", "resource-limits")
CHANGING = ("empty-root", "landlock", "seccomp")
NAMING = ("empty-root", "seccomp")


def reads(name: str, aim: str, source: str, layers: tuple[str, ...] = OPENING) -> Attack:
    return Attack(name, aim, "disarm()\n" + source, Told(), layers)


def changes(name, aim, source, changed, layers=CHANGING) -> Attack:
    return Attack(name, aim, "disarm()\n" + source, FileIs(changed), layers)


READS = (
    Attack(
        "read-with-open",
        "a file, without malice, as a learner might",
        "print(open('$path').read())",
        Told(),
        ("audit-hooks", *OPENING),
    ),
    reads("read-with-os-open", "a file, through os.open", "print(os.read(os.open('$path', 0), 100))"),
    reads(
        "read-with-system-call",
        "a file, bypassing Python",
        "descriptor = call('open', b'$path', 0)\nprint(os.read(descriptor, 100))",
    ),
    reads(
        "read-with-openat2",
        "a file, through a newer system call",
        "how = ctypes.create_string_buffer(24)\n"
        "print(os.read(call('openat2', -100, b'$path', how, 24), 100))",
    ),
    reads(
        "read-by-way-of-dot-dot",
        "a file outside the working folder, through ..",
        "print(os.read(call('openat', -100, b'../' * 40 + b'$path'[1:], 0), 100))",
    ),
    reads("read-through-a-link", "a file, through a symbolic link", "print(open('$link').read())"),
    reads("read-with-numpy", "a file, in NumPy's own C code",
          "import numpy\nprint(numpy.fromfile('$path', dtype='u1').tobytes())"),
    reads("map-with-numpy", "a file, mapped into memory",
          "import numpy\nprint(numpy.memmap('$path', dtype='u1', mode='r').tobytes())"),
    reads("read-with-linecache", "a file, as the source text of a traceback",
          "print(sys.modules['linecache'].getlines('$path'))"),
    reads(
        "run-a-file-of-the-machine",
        "a program on the disk",
        "loader = sys.modules['importlib._bootstrap_external'].SourceFileLoader('x', '$path')\n"
        "print(loader.get_data('$path'))",
    ),
    reads("list-a-folder", "the names in a folder", "print(os.listdir('$folder'))"),
    reads(
        "list-with-system-call",
        "the names in a folder, bypassing Python",
        "room = ctypes.create_string_buffer(4096)\n"
        "call('getdents64', call('open', b'$folder', 0), room, 4096)\nprint(room.raw)",
    ),
    reads("follow-a-link", "where a link leads", "print(os.readlink('$folder/told'))", NAMING),
    Attack(
        "size-of-a-file",
        "whether a file exists and how large it is",
        "disarm()\nprint(os.stat('$path').st_size)",
        SizeTold(),
        NAMING,
    ),
)  # fmt: skip


def _is_new(folder: Path) -> bool:
    return os.path.lexists(folder / "new")


def _content_changed(folder: Path) -> bool:
    return (folder / "victim.txt").read_text(encoding="utf-8") != "untouched"


def _is_gone(folder: Path) -> bool:
    return not (folder / "victim.txt").exists()


WRITES = (
    Attack(
        "write-with-open",
        "a new file, without malice, as a learner might",
        "open('$new', 'w').close()",
        FileIs(_is_new),
        ("audit-hooks", *OPENING),
    ),
    changes("write-a-new-file", "a new file", "call('open', b'$new', 0o102, 0o600)", _is_new,
            OPENING),
    changes("overwrite-a-file", "the content of a file",
            "os.write(call('open', b'$path', 1), b'changed!!')", _content_changed, OPENING),
    changes("append-to-a-file", "more content in a file",
            "os.write(call('open', b'$path', 0o2001), b' and more')", _content_changed, OPENING),
    changes("cut-a-file", "a file cut short", "call('truncate', b'$path', 3)", _content_changed),
    changes("delete-a-file", "a file gone", "call('unlink', b'$path')", _is_gone),
    changes("rename-a-file", "a file moved", "call('rename', b'$path', b'$new')", _is_gone),
    changes("make-a-folder", "a new folder", "call('mkdir', b'$new', 0o700)", _is_new),
    changes("make-a-symbolic-link", "a link for others to follow",
            "call('symlink', b'/etc/passwd', b'$new')", _is_new),
    changes("make-a-hard-link", "a second name of a file", "call('link', b'$path', b'$new')",
            _is_new),
    changes("make-a-pipe-in-a-folder", "a named pipe", "call('mknod', b'$new', 0o10600, 0)",
            _is_new),
    changes("change-rights-of-a-file", "a program that others may run",
            "call('chmod', b'$path', 0o4755)",
            lambda folder: bool((folder / "victim.txt").stat().st_mode & stat.S_IXUSR), NAMING),
    changes("change-times-of-a-file", "a changed timestamp",
            "call('utimensat', -100, b'$path', 0, 0)",
            lambda folder: (folder / "victim.txt").stat().st_mtime > 10, NAMING),
    changes("label-a-file", "an attribute on a file",
            "call('setxattr', b'$path', b'user.mark', b'x', 1, 0)",
            lambda folder: "user.mark" in os.listxattr(folder / "victim.txt"), NAMING),
    changes("write-with-numpy", "a file, in NumPy's own C code",
            "import numpy\nnumpy.ones(3).tofile('$new')", _is_new, OPENING),
    changes("write-into-shared-memory", "a file in memory that others see",
            "descriptor = call('open', b'/dev/shm/../..$new', 0o102, 0o600)", _is_new, OPENING),
    changes("write-a-nameless-file", "disk space in a nameless file",
            "descriptor = call('open', b'$folder', 0o20200002, 0o600)\n"
            "call('openat', -100, b'$new', 0o102, 0o600)", _is_new, OPENING),
)  # fmt: skip

ATTACKS = READS + WRITES
