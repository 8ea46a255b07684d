"""The audit of system calls: what a child may ask of the kernel is listed here, and nowhere grows.

The kernel itself is asked: every number is called in a process of its own, behind the filter.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from handgrad.sandbox.child.isolation import kernel, seccomp
from handgrad.sandbox.zygote import IS_POSSIBLE

pytestmark = [
    pytest.mark.skipif(not IS_POSSIBLE, reason="this system has no seccomp"),
    pytest.mark.skipif(
        kernel.MACHINE not in kernel.ARCHITECTURES, reason="no table for this processor"
    ),
]

REVIEWED = {
    "write", "read",
    "brk", "mmap", "munmap", "mprotect", "mremap", "madvise",
    "futex",
    "clock_gettime", "clock_getres", "clock_nanosleep", "gettimeofday", "getrusage",
    "restart_syscall",
    "getrandom", "getpid",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
    "prlimit64",
    "exit", "exit_group",
}  # fmt: skip
"""Each was looked at: it reaches no file, no other process and no network, and makes no descriptor."""

REVIEWED_ARGUMENTS = {"read", "write", "prlimit64", "mmap", "mprotect", "madvise", "futex"}

# Where the numbers of both tables end today (Linux 6.18), with room for those to come.
LAST_NUMBER = 600

PASSED_BY_THE_KERNEL = {"x86_64": {335, 336}}
"""uretprobe and uprobe (Linux 6.11, 6.18): the kernel asks no filter about them. They return only to
the kernel's own trampoline and end every other caller with a signal, so nothing is reached."""

PROBE = """
import ctypes, json, os, signal, sys
sys.path.insert(0, {source!r})
from handgrad.sandbox.child.isolation import privileges, seccomp
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long
privileges.allow_no_new_privileges()
refused, allowed = [], []
for number in range({last}):
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(5)
        seccomp.allow_only_computing()
        bad = [ctypes.c_long(-1)] * 6
        result = LIBC.syscall(ctypes.c_long(number), *bad)
        is_refused = result == -1 and ctypes.get_errno() == 1
        os._exit(11 if is_refused else 12)
    _, status = os.waitpid(pid, 0)
    is_refused = os.waitstatus_to_exitcode(status) == 11
    (refused if is_refused else allowed).append(number)
print(json.dumps(allowed))
"""


def test_the_list_is_the_reviewed_one():
    assert set(seccomp.ALLOWED) == REVIEWED
    assert set(seccomp.ARGUMENTS) == REVIEWED_ARGUMENTS


@pytest.mark.parametrize(
    "page", ["README.md", "README.zh.md", "docs/guide/isolation.md", "docs/guide/isolation.zh.md"]
)
def test_the_docs_tell_their_number(page):
    text = (Path(__file__).parents[4] / page).read_text(encoding="utf-8")
    assert re.search(rf"\b{len(seccomp.ALLOWED)}\b", text)


def test_both_processors_are_listed_without_doubles():
    for column, machine in enumerate(kernel.ARCHITECTURES):
        numbers = [pair[column] for pair in seccomp.ALLOWED.values()]
        assert len(set(numbers)) == len(numbers), machine


def test_the_kernel_lets_through_what_is_listed_and_nothing_else():
    source = str(Path(seccomp.__file__).parents[4])
    probe = PROBE.format(source=source, last=LAST_NUMBER)
    told = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    allowed = set(json.loads(told))
    listed = seccomp.allowed_numbers()
    # every argument was -1, which those that look at their arguments refuse
    refused_for_arguments = {listed[name] for name in seccomp.ARGUMENTS}
    allowed -= PASSED_BY_THE_KERNEL.get(kernel.MACHINE, set())
    assert allowed == set(listed.values()) - refused_for_arguments


ARGUMENTS = """
import ctypes, mmap, os, resource, sys
sys.path.insert(0, {source!r})
from handgrad.sandbox.child.isolation import kernel, privileges, seccomp
# Descriptor 0 stands for the channel: it alone can still be written to.
sys.excepthook = lambda kind, error, trace: os.write(
    0, f"line {{trace.tb_lineno}}: {{kind.__name__}} {{error}}".encode()
)
privileges.allow_no_new_privileges()
parent = os.getppid()
seccomp.allow_only_computing()
def refused(act):
    try:
        act()
    except PermissionError:
        return True
    return False
numbers = seccomp.allowed_numbers()
PLAIN, CODE = 3, 7
area = kernel.system_call("mmap", numbers["mmap"], 0, 4096, PLAIN, 34, -1, 0)
assert refused(lambda: kernel.system_call("mmap", numbers["mmap"], 0, 4096, CODE, 34, -1, 0))
assert refused(lambda: kernel.system_call("mprotect", numbers["mprotect"], area, 4096, CODE))
# a prot whose higher half is set is the same prot to the kernel
assert refused(lambda: kernel.system_call("mmap", numbers["mmap"], 0, 4096, CODE + 2**40, 34, -1, 0))
kernel.system_call("mprotect", numbers["mprotect"], area, 4096, PLAIN)
assert refused(lambda: kernel.system_call("mmap", numbers["mmap"], 0, 1 << 21, PLAIN, 34 + 0x40000, -1, 0))
MERGEABLE, DONTNEED, HUGEPAGE = 12, 4, 14
assert refused(lambda: kernel.system_call("madvise", numbers["madvise"], area, 4096, MERGEABLE))
for advice in (DONTNEED, HUGEPAGE):
    kernel.system_call("madvise", numbers["madvise"], area, 4096, advice)
word = ctypes.c_int(0)
WAKE, LOCK_PI, REQUEUE_PI, PRIVATE = 1, 6, 12, 128
for operation in (LOCK_PI, REQUEUE_PI, LOCK_PI | PRIVATE):
    assert refused(lambda: kernel.system_call("futex", numbers["futex"], ctypes.byref(word), operation, 0, 0, 0, 0))
kernel.system_call("futex", numbers["futex"], ctypes.byref(word), WAKE | PRIVATE, 1, 0, 0, 0)
kernel.system_call("write", numbers["write"], 0, 0, 0)
for descriptor in (1, 2, 3):
    assert refused(lambda: kernel.system_call("write", numbers["write"], descriptor, 0, 0))
    assert refused(lambda: kernel.system_call("read", numbers["read"], descriptor, 0, 0))
assert refused(lambda: resource.prlimit(parent, resource.RLIMIT_CPU))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
if kernel.MACHINE == "x86_64":
    for number in (0, 1, 39, 57):  # the x32 numbers of read, write, getpid, fork
        assert refused(lambda: kernel.system_call("x32", 0x40000000 + number, 0, 0, 0))
os._exit(42)
"""


def test_arguments_are_looked_at(tmp_path):
    source = str(Path(seccomp.__file__).parents[4])
    with (tmp_path / "channel").open("w+b") as channel:
        command = [sys.executable, "-c", ARGUMENTS.format(source=source)]
        done = subprocess.run(command, stdin=channel, check=False, timeout=60)
        channel.seek(0)
        assert done.returncode == 42, channel.read().decode()


INT_80 = """
import ctypes, mmap, os, sys
sys.path.insert(0, {source!r})
from handgrad.sandbox.child.isolation import privileges, seccomp
# mov eax, 20 (getpid in the 32-bit table); int 0x80; ret
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(bytes.fromhex("b814000000cd80c3"))
call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
if "walled" in sys.argv:
    privileges.allow_no_new_privileges()
    seccomp.allow_only_computing()
print(call() == os.getpid(), flush=True)
"""


@pytest.mark.skipif(kernel.MACHINE != "x86_64", reason="only there is a second table")
def test_the_32_bit_table_is_closed():
    source = str(Path(seccomp.__file__).parents[4])

    def run(*arguments):
        command = [sys.executable, "-c", INT_80.format(source=source), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    open_way = run()
    if open_way.stdout != "True\n":
        pytest.skip("this kernel has no 32-bit system calls")
    assert run("walled").returncode < 0
