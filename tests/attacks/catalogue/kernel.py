"""Attacks on the kernel's surface: its rarely used parts, where the holes are found."""

from __future__ import annotations

import os
from pathlib import Path

from attacks.attack import Attack
from attacks.effects import HasKey, Seen, Stage, descriptor

DESCRIPTOR = ("seccomp", "resource-limits")


def makes(name: str, aim: str, source: str, kind: str, layers=DESCRIPTOR) -> Attack:
    return Attack(name, aim, f"disarm()\n{source}\nhold()", descriptor(kind), layers)


def looks(name, aim, source, look, layers=("seccomp",), **more) -> Attack:
    return Attack(name, aim, f"disarm()\n{source}\nhold()", Seen(look), layers, **more)


def _other_namespace(kind: str):
    def look(stage: Stage) -> bool:
        try:
            child = os.readlink(f"/proc/{stage.process_id}/ns/{kind}")
            parent = os.readlink(f"/proc/{_parent(stage.process_id)}/ns/{kind}")
        except OSError:
            return False
        return child != parent

    return look


def _parent(process_id: int) -> int:
    stat = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii")
    return int(stat.rpartition(")")[2].split()[1])


def _root(stage: Stage) -> str:
    try:
        return os.readlink(f"/proc/{stage.process_id}/root")
    except OSError:
        return ""


def _is_traceable(stage: Stage) -> bool:
    """The files in /proc of a process that is not dumpable belong to root."""
    try:
        return Path(f"/proc/{stage.process_id}/environ").stat().st_uid == stage.user
    except OSError:
        return False


ATTACKS = (
    makes("io-uring", "a second way to every system call",
          "call('io_uring_setup', 4, ctypes.create_string_buffer(120))", "io_uring"),
    makes("userfaultfd", "the tool of many kernel exploits", "call('userfaultfd', 1)",
          "userfaultfd"),
    makes("perf-event", "the processor's counters, a side channel",
          "attributes = ctypes.create_string_buffer(128)\n"
          "ctypes.memmove(attributes, (ctypes.c_uint * 4)(1, 112, 0, 0), 16)\n"
          "ctypes.memmove(ctypes.addressof(attributes) + 40, (ctypes.c_ulong * 1)(0x61), 8)\n"
          "call('perf_event_open', attributes, 0, -1, -1, 0)", "perf_event"),
    makes("pipe", "descriptors of its own", "call('pipe', (ctypes.c_int * 2)())", "pipe:"),
    makes("eventfd", "descriptors of its own", "call('eventfd', 0)", "eventfd"),
    makes("epoll", "descriptors of its own", "call('epoll_create1', 0)", "eventpoll"),
    makes("timerfd", "descriptors of its own", "call('timerfd_create', 1, 0)", "timerfd"),
    makes("inotify", "word of what others do with files", "call('inotify_init')", "inotify"),
    makes("pidfd", "a hold on its own process", "call('pidfd_open', os.getpid(), 0)", "pidfd"),
    looks("new-user-namespace", "all capabilities, in a namespace of its own",
          "call('unshare', 0x10000000)", _other_namespace("user")),
    looks("new-mount-namespace", "mounts of its own",
          "call('unshare', 0x10000000 | 0x00020000)", _other_namespace("mnt")),
    looks("mount", "a file system mounted over another one",
          "call('mount', b'attacktmp', b'/', b'tmpfs', 0, b'size=4k')",
          lambda stage: "attacktmp" in stage.of_process("mountinfo"),
          ("privileges", "landlock", "seccomp"), namespaces_only=True),
    looks("change-root", "another root folder", "call('chroot', b'/proc')",
          lambda stage: _root(stage) == "/proc",
          ("privileges", "seccomp", "empty-root"), namespaces_only=True),
    Attack("keyring", "the kernel's store of keys",
           "disarm()\ncall('add_key', b'user', b'$folder', b'x', 1, -4)\nhold()", HasKey(),
           ("seccomp",)),
    looks("undo-the-parent-s-death", "a child that outlives its zygote",
          "call('prctl', 1, 0, 0, 0, 0)\ncall('prctl', 15, b'attacked', 0, 0, 0)",
          lambda stage: stage.of_process("comm").strip() == "attacked"),
    looks("become-dumpable", "a process that others may trace",
          "call('prctl', 4, 1, 0, 0, 0)",
          _is_traceable),
)  # fmt: skip
