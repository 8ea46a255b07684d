"""What every attack begins with: Python's own hook disarmed, and raw system calls at hand.

An attacker who has read our source needs no more than this to be rid of everything that is only
Python. (The numbers are those of x86-64.)
"""

PREAMBLE = '''
import sys
os, time, ctypes = (sys.modules[name] for name in ("os", "time", "ctypes"))


def disarm():
    hook = sys.modules["handgrad_sandbox.child.isolation.audit_hooks"]
    hook.REFUSED_EVENTS = hook.READING_EVENTS = frozenset()
    hook.REFUSED_PREFIXES = ()
    hook.WRITING_FLAGS = 0
    hook.set = lambda letters: frozenset()
    hook.ReadableFiles.allows = lambda *_: True
    __builtins__["__import__"] = sys.modules["builtins"].__import__


HOLD_SECONDS = 0.5


def hold(seconds=None):
    """Stay, so that it can be seen from outside."""
    end = time.monotonic() + (HOLD_SECONDS if seconds is None else seconds)
    while time.monotonic() < end:
        time.sleep(0.005)


NUMBERS = dict(
    open=2, stat=4, mmap=9, mprotect=10, pipe=22, madvise=28, shmget=29, dup=32, getpid=39,
    socket=41, clone=56, fork=57, vfork=58, execve=59, kill=62, semget=64, msgget=68, truncate=76,
    rename=82, mkdir=83, link=86, unlink=87, symlink=88, readlink=89, chmod=90, ptrace=101,
    setsid=112, mknod=133, personality=135, setpriority=141, mlock=149, prctl=157, chroot=161,
    mount=165, gettid=186, tkill=200, sched_setaffinity=203, getdents64=217, tgkill=234,
    mq_open=240, mq_unlink=241, add_key=248, keyctl=250, inotify_init=253, openat=257, unlinkat=263,
    unshare=272, utimensat=280, eventfd=284, perf_event_open=298, prlimit64=302,
    process_vm_readv=310, process_vm_writev=311, memfd_create=319, execveat=322, userfaultfd=323,
    pkey_mprotect=329, io_uring_setup=425, pidfd_open=434, clone3=435, openat2=437,
    pidfd_getfd=438, pidfd_send_signal=424, rt_sigqueueinfo=129, setxattr=188, timerfd_create=283,
    epoll_create1=291, socketpair=53, fanotify_init=300, memfd_secret=447,
)


def call(name, *arguments):
    """A system call, past everything that is Python's."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    wide = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = libc.syscall(ctypes.c_long(NUMBERS[name]), *wide)
    if result == -1:
        raise OSError(ctypes.get_errno(), name)
    return result
'''
