"""seccomp: the few system calls that computing needs; every other one is EPERM.

An allow-list as a program for the kernel's filter machine. A refusal is an error and no kill, so
that it becomes an exception that the learner sees. See seccomp(2) and
Documentation/userspace-api/seccomp_filter.rst.
"""

from __future__ import annotations

import ctypes
import struct
from functools import cache

from . import kernel

ALLOWED = {
    # the channel to the judge, which is descriptor 0
    "write": (1, 64),
    "read": (0, 63),
    # memory: none that can be run, none from a machine's stock of huge pages, none to be merged
    "brk": (12, 214),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "madvise": (28, 233),
    # Python's own locks: waiting and waking, nothing of the rest
    "futex": (202, 98),
    # time
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "gettimeofday": (96, 169),
    "getrusage": (98, 165),
    "restart_syscall": (219, 128),
    # random numbers
    "getrandom": (318, 278),
    # its own number, which seeds of random numbers use
    "getpid": (39, 172),
    # signals that Python itself handles, and the return from them
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    # its own limits: the child lowers them for each job and cannot raise them
    "prlimit64": (302, 261),
    # the end
    "exit": (60, 93),
    "exit_group": (231, 94),
}
"""The system calls that a child may use: their numbers on x86-64 and on 64-bit Arm."""

# Instructions: include/uapi/linux/bpf_common.h; fields of seccomp_data: include/uapi/linux/seccomp.h
LOAD_WORD = 0x20
JUMP_EQUAL = 0x15
JUMP_GREATER_OR_EQUAL = 0x35
JUMP_ANY_BIT = 0x45
AND = 0x54
RETURN = 0x06
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16
ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | 1  # SECCOMP_RET_ERRNO with EPERM
KILL = 0x80000000
X32 = 0x40000000  # numbers of the x32 ABI, which the architecture field does not tell apart
SET_MODE_FILTER = 1

Instruction = tuple[int, int, int, int]


def _low_half(argument: int) -> int:
    """Where the lower 32 bits of an argument lie (both processors are little-endian)."""
    return ARGUMENTS_AT + 8 * argument


def _is_zero(argument: int) -> list[Instruction]:
    """Refuse the call unless an argument is 0."""
    return _one_of(argument, [0])


def _no_bit(argument: int, bits: int) -> list[Instruction]:
    """Refuse the call if an argument has one of these bits."""
    return [
        (LOAD_WORD, 0, 0, _low_half(argument)),
        (JUMP_ANY_BIT, 0, 1, bits),
        (RETURN, 0, 0, REFUSE),
    ]


def _one_of(argument: int, values: list[int], besides: int = 0) -> list[Instruction]:
    """Refuse the call unless an argument, `besides` some bits, is one of these."""
    last = len(values)
    return [
        (LOAD_WORD, 0, 0, _low_half(argument)),
        (AND, 0, 0, 0xFFFFFFFF & ~besides),
        *[(JUMP_EQUAL, last - at, 0, value) for at, value in enumerate(values)],
        (RETURN, 0, 0, REFUSE),
    ]


PROT_EXEC = 4
MAP_HUGETLB = 0x40000
ADVICE = [0, 1, 2, 3, 4, 8, 14, 15]  # madvise(2): normal to dontneed, free, huge pages or none
WAITING_AND_WAKING = [0, 1, 9, 10]  # futex(2): wait, wake, and both with a set of bits
FUTEX_FLAGS = 128 | 256  # private, real time
ARGUMENTS = {
    "read": _is_zero(0),
    "write": _is_zero(0),
    "prlimit64": _is_zero(0),  # of itself
    "mmap": [*_no_bit(2, PROT_EXEC), *_no_bit(3, MAP_HUGETLB)],
    "mprotect": _no_bit(2, PROT_EXEC),
    "madvise": _one_of(2, ADVICE),
    "futex": _one_of(1, WAITING_AND_WAKING, besides=FUTEX_FLAGS),
}
"""What is asked of the arguments; a call without an entry here is allowed with any."""


def allowed_numbers() -> dict[str, int]:
    """The list, in the numbers of this processor."""
    column = kernel.ARCHITECTURES.index(kernel.MACHINE)
    return {name: numbers[column] for name, numbers in ALLOWED.items()}


@cache
def _program() -> tuple[ctypes.Array[ctypes.c_char], ctypes.Array[ctypes.c_char]]:
    """The filter as the kernel wants it, and the memory that it points to."""
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in _instructions())
    body = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("@HP", len(code) // 8, ctypes.addressof(body))
    return ctypes.create_string_buffer(head, len(head)), body


def _instructions() -> list[Instruction]:
    program: list[Instruction] = [
        (LOAD_WORD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 1, 0, kernel.AUDIT_ARCH[kernel.MACHINE]),
        (RETURN, 0, 0, KILL),
        (LOAD_WORD, 0, 0, NUMBER_AT),
        (JUMP_GREATER_OR_EQUAL, 0, 1, X32),
        (RETURN, 0, 0, REFUSE),
    ]
    for name, number in allowed_numbers().items():
        verdict = _verdict(name)
        program += [(JUMP_EQUAL, 0, len(verdict), number), *verdict]
    return [*program, (RETURN, 0, 0, REFUSE)]


def _verdict(name: str) -> list[Instruction]:
    """What a call of that number gets; these always return, so nothing after them is reached."""
    return [*ARGUMENTS.get(name, []), (RETURN, 0, 0, ALLOW)]


def allow_only_computing() -> None:
    """Install the filter; no_new_privs must be set. There is no way back."""
    head, _ = _program()
    kernel.system_call("seccomp", kernel.number_of("seccomp"), SET_MODE_FILTER, 0, head)
