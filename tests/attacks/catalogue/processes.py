"""Attacks on processes: making more of them, and reaching for those of others."""

from __future__ import annotations

from pathlib import Path

from attacks.attack import Attack
from attacks.effects import ManyProcesses, Outlives, Seen, Stage, Victim, died, of_status

SIGNALLING = ("processes", "landlock", "seccomp")
TRACING = ("user-namespace", "landlock", "seccomp")
FORKING = ("seccomp", "resource-limits")
TOUCHING = ("processes", "seccomp")


def _changed(_: object, said: str) -> bool:
    return "changed" in said


def _runs(name: str):
    def look(stage: Stage) -> bool:
        return stage.of_process("comm").strip() == name

    return look


def _nice(process, _: str) -> bool:
    stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii")
    return stat.rpartition(")")[2].split()[16] == "15"


def _limited(process, _: str) -> bool:
    limits = Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")
    return any(line.startswith("Max open files") and " 17 " in line for line in limits.splitlines())


def _zygote_is_gone(stage: Stage) -> bool:
    try:
        stat = Path(f"/proc/{stage.zygote_id}/stat").read_text(encoding="ascii")
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] in "ZX"


def on_victim(name, aim, source, suffered, layers, **more) -> Attack:
    return Attack(name, aim, "disarm()\n" + source + "\nhold()", Victim(suffered), layers, **more)


IOV = """
class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
here = ctypes.create_string_buffer(b"overwritten", $length + 1)
ours, theirs = Vector(ctypes.addressof(here), $length), Vector($address, $length)
"""
WRITE_VICTIM = (
    IOV + "call('process_vm_writev', $victim, ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0)"
)
READ_VICTIM = IOV + (
    "call('process_vm_readv', $victim, ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0)\n"
    "print(here.raw)"
)
TRACED_IN_PROC = ("user-namespace", "landlock", "seccomp", "resource-limits")
IN_PROC = ("empty-root", "landlock", "seccomp", "resource-limits")

ON_OTHERS = (
    on_victim("kill-a-process", "the end of another program", "call('kill', $victim, 9)", died,
              SIGNALLING),
    on_victim("kill-everything", "the end of all the user's programs", "call('kill', -1, 9)", died,
              SIGNALLING),
    on_victim("kill-a-thread", "the same, aimed at a thread", "call('tgkill', $victim, $victim, 9)",
              died, SIGNALLING),
    on_victim("kill-with-tkill", "the same, by an older system call", "call('tkill', $victim, 9)", died,
              SIGNALLING),
    on_victim("kill-through-a-pidfd", "the same, by a newer system call",
              "call('pidfd_send_signal', call('pidfd_open', $victim, 0), 9, 0, 0)", died,
              (*SIGNALLING, "resource-limits")),
    on_victim("queue-a-signal", "the same, with a forged sender",
              "info = (ctypes.c_int * 32)(9, 0, -1)\ncall('rt_sigqueueinfo', $victim, 9, info)",
              died, SIGNALLING),
    Attack("kill-the-zygote", "the end of the judge's own helper",
           "disarm()\ncall('kill', os.getppid(), 9)\nhold()",
           Seen(_zygote_is_gone),
           SIGNALLING),
    on_victim("trace-a-process", "control of another program",
              "call('ptrace', 0x4206, $victim, 0, 0)", of_status("TracerPid", lambda t: t not in ("", "0")),
              TRACING),
    on_victim("write-foreign-memory", "another program's data changed", WRITE_VICTIM, _changed,
              TRACING),
    on_victim("read-foreign-memory", "another program's secret", READ_VICTIM, lambda *_: False,
              TRACING),
    on_victim("write-proc-mem", "another program's data changed, through /proc",
              "d = call('open', b'/proc/$victim/mem', 2)\nos.lseek(d, $address, 0)\n"
              "os.write(d, b'overwritten')", _changed, TRACED_IN_PROC),
    on_victim("read-proc-mem", "another program's secret, through /proc",
              "d = call('open', b'/proc/$victim/mem', 0)\nos.lseek(d, $address, 0)\n"
              "print(os.read(d, 24))", lambda *_: False, TRACED_IN_PROC),
    on_victim("read-a-foreign-environment", "the passwords in another program's environment",
              "print(open('/proc/$victim/environ').read())", lambda *_: False, TRACED_IN_PROC),
    on_victim("read-a-foreign-command-line", "the passwords on another program's command line",
              "print(open('/proc/$victim/cmdline').read())", lambda *_: False, IN_PROC),
    on_victim("steal-a-descriptor", "a pipe that another program holds open",
              "stolen = call('pidfd_getfd', call('pidfd_open', $victim, 0), $descriptor, 0)\n"
              "print(os.read(stolen, 24))", lambda *_: False, (*TRACING, "resource-limits")),
    on_victim("slow-a-process-down", "another program slowed down",
              "call('setpriority', 0, $victim, 15)", _nice, TOUCHING),
    on_victim("limit-a-process", "another program that can open nothing",
              "limit = (ctypes.c_ulong * 2)(17, 17)\ncall('prlimit64', $victim, 7, limit, 0)",
              _limited, TOUCHING),
    on_victim("pin-a-process", "another program held on one processor",
              "mask = ctypes.c_ulong(1)\ncall('sched_setaffinity', $victim, 8, ctypes.byref(mask))",
              of_status("Cpus_allowed_list", lambda listed: listed == "0"), TOUCHING),
)  # fmt: skip


def forks(name, aim, source, count=1, layers=FORKING) -> Attack:
    return Attack(name, aim, "disarm()\n" + source, ManyProcesses(count), layers)


MANY_THREADS = Seen(lambda stage: int(stage.status_field("Threads") or 0) >= 20)
OUTLIVE = (
    "if call('fork') == 0:\n"
    "    call('prctl', 1, 0, 0, 0, 0)\n"
    "    call('prctl', 15, b'$canary', 0, 0, 0)\n"
    "    time.sleep(30)\n"
    "    os._exit(0)\n"
    "time.sleep(0.05)\nos._exit(0)"
)

OWN = (
    Attack("fork-with-python", "a second process, without malice, as a learner might",
           "if os.fork() == 0:\n    hold()\n    os._exit(0)\nhold()", ManyProcesses(1),
           ("audit-hooks", *FORKING)),
    forks("fork", "a second process", "call('fork')\nhold()"),
    forks("clone", "a second process, by clone", "call('clone', 17, 0, 0, 0, 0)\nhold()"),
    forks("clone3", "a second process, by clone3",
          "arguments = (ctypes.c_ulong * 8)(0, 0, 0, 0, 17)\n"
          "call('clone3', arguments, 64)\nhold()"),
    forks("fork-bomb", "so many processes that the machine stops (here: 16)",
          "for _ in range(4):\n    call('fork')\nhold()\nos._exit(0)", 15),
    Attack("thread-bomb", "so many threads that the machine stops (here: 20)",
           "disarm()\nfor _ in range(20):\n    sys.modules['_thread'].start_new_thread(hold, ())\nhold()",
           MANY_THREADS, FORKING),
    Attack("outlive-the-run", "a process that goes on when the answer is judged",
           "disarm()\n" + OUTLIVE, Outlives(), FORKING),
    Attack("run-a-program", "a program of the machine",
           "disarm()\narguments = (ctypes.c_char_p * 3)(b'sleep', b'5', None)\n"
           "call('execve', b'/bin/sleep', arguments, 0)",
           Seen(_runs("sleep")), ("empty-root", "landlock", "seccomp"),
           also_away=("resource-limits",)),
    Attack("run-a-script", "a script that lies in a folder",
           "disarm()\narguments = (ctypes.c_char_p * 2)(b'tool', None)\n"
           "call('execve', b'$path', arguments, 0)",
           Seen(_runs("tool")), ("empty-root", "landlock", "seccomp"),
           also_away=("resource-limits",)),
    Attack("run-from-memory", "a program that never was a file",
           "disarm()\nd = call('memfd_create', b'', 0)\nos.write(d, b'#!/bin/sh' + bytes([10]) + b'sleep 5')\n"
           "arguments = (ctypes.c_char_p * 2)(b'x', None)\n"
           "call('execveat', d, b'', arguments, 0, 0x1000)",
           Seen(lambda stage: stage.of_process("cmdline").startswith("/bin/sh")),
           ("empty-root", "landlock", "seccomp", "resource-limits")),
)  # fmt: skip

ATTACKS = ON_OTHERS + OWN
