"""Attacks on memory: too much of it, memory that others see, memory that can be run."""

from __future__ import annotations

from attacks.attack import Attack
from attacks.effects import InSystemV, Seen, Stage, descriptor

from handgrad.sandbox import Limits

UNWATCHED = Limits(processor_seconds=20.0, wall_seconds=20.0, memory_bytes=8 << 30)
"""The job's own limits stay: 512 MiB. Only the watch from outside looks away, and waits: a machine that
was just started hands out its memory slowly."""

EXECUTABLE = ("privileges", "seccomp")


def _peak_above(mebibytes: int):
    def look(stage: Stage) -> bool:
        return int((stage.status_field("VmHWM") or "0 kB").split()[0]) > mebibytes * 1024

    return look


def _size_above(mebibytes: int):
    def look(stage: Stage) -> bool:
        return int((stage.status_field("VmSize") or "0 kB").split()[0]) > mebibytes * 1024

    return look


def _writable_code(stage: Stage) -> bool:
    return "rwxp" in stage.of_process("maps")


def _ran_code(stage: Stage) -> bool:
    return stage.status == "exited 42"


SHELLCODE = "bytes.fromhex('b8e7000000bf2a0000000f05')  # exit_group(42)"
MAP_CODE = "area = call('mmap', 0, 4096, 7, 34, -1, 0)\n"
MAP_DATA = "area = call('mmap', 0, 4096, 3, 34, -1, 0)\n"
RUN = (
    f"code = {SHELLCODE}\n"
    "ctypes.memmove(area, code, len(code))\n"
    "ctypes.cast(area, ctypes.CFUNCTYPE(ctypes.c_int))()"
)


def look_at(name, aim, source, look, layers, **more) -> Attack:
    return Attack(name, aim, f"disarm()\n{source}\nhold()", Seen(look), layers, **more)


ATTACKS = (
    look_at("memory-bomb", "all the memory of the machine (here: 800 MB, with 512 allowed)",
            "kept = bytearray(800 << 20)", _peak_above(600), ("resource-limits",),
            limits=UNWATCHED),
    look_at("memory-bomb-past-python", "the same, by mmap",
            "call('mmap', 0, 1 << 30, 3, 34, -1, 0)", _size_above(1024), ("resource-limits",),
            limits=UNWATCHED),
    look_at("pin-memory", "memory that cannot be swapped out",
            "area = call('mmap', 0, 1 << 20, 3, 34, -1, 0)\ncall('mlock', area, 1 << 20)",
            lambda stage: (stage.status_field("VmLck") or "0").split()[0] != "0",
            ("seccomp", "resource-limits")),
    Attack("shared-memory", "memory that other programs see (System V)",
           "disarm()\ncall('shmget', 0, 4096, 0o1600)\nhold()", InSystemV("shm"), ("ipc", "seccomp")),
    Attack("message-queue", "a mailbox that other programs see (System V)",
           "disarm()\ncall('msgget', 0, 0o1600)\nhold()", InSystemV("msg"), ("ipc", "seccomp")),
    Attack("semaphore", "a lock that other programs see (System V)",
           "disarm()\ncall('semget', 0, 1, 0o1600)\nhold()", InSystemV("sem"), ("ipc", "seccomp")),
    Attack("posix-message-queue", "a mailbox that other programs see (POSIX)",
           "disarm()\nname = b'handgrad-attack-%d' % os.getpid()\n"
           "try:\n    call('mq_open', name, 0o102, 0o600, 0)\n"
           "finally:\n    call('mq_unlink', name)\nhold()",
           descriptor("/handgrad-attack"), ("landlock", "seccomp", "resource-limits")),
    Attack("file-in-memory", "a file that exists only in memory",
           "disarm()\ncall('memfd_create', b'hidden', 0)\nhold()", descriptor("memfd:hidden"),
           ("seccomp", "resource-limits")),
    Attack("secret-memory", "memory that even the kernel cannot read",
           "disarm()\ncall('memfd_secret', 0)\nhold()", descriptor("secretmem"),
           ("seccomp", "resource-limits")),
    look_at("writable-code", "memory that can be written and run", MAP_CODE, _writable_code,
            EXECUTABLE),
    look_at("data-made-code", "memory that was written, then can be run",
            MAP_DATA + "call('mprotect', area, 4096, 7)", _writable_code, EXECUTABLE),
    look_at("data-made-code-with-a-key", "the same, by a newer system call",
            MAP_DATA + "call('pkey_mprotect', area, 4096, 7, -1)", _writable_code, EXECUTABLE),
    look_at("everything-executable", "an old switch that makes all memory executable",
            "call('personality', 0x0400000)\n" + MAP_DATA, _writable_code, EXECUTABLE),
    look_at("run-own-machine-code", "machine code of its own", MAP_CODE + RUN, _ran_code,
            EXECUTABLE),
)  # fmt: skip
