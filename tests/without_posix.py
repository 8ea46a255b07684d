"""Run the suite as on Windows: without fork, resource, fcntl, pidfd and their like.

    python tests/without_posix.py [arguments of pytest]

Makes a throw-away environment whose every Python, the judge's children included, lacks what Windows
lacks, and runs the tests in it. What the running environment has installed is shared.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ABSENT_MODULES = ("resource", "fcntl", "pwd", "grp", "termios", "tty", "pty", "syslog", "readline")
ABSENT_NAMES = {
    "os": (
        "fork", "forkpty", "posix_spawn", "posix_spawnp", "pidfd_open",
        "setsid", "setuid", "wait4", "wait3", "killpg", "mkfifo",
        "sched_getaffinity", "sched_setaffinity", "chroot", "getpgid", "setpgid",
    ),
    "signal": ("pidfd_send_signal", "pthread_kill", "alarm", "setitimer", "SIGALRM"),
}  # fmt: skip

TAKE_AWAY = f'''
"""Takes away from this Python what Windows does not have."""
import os, signal, subprocess, sys
subprocess.Popen  # loads _posixsubprocess and what else the interpreter itself needs
for module in {ABSENT_MODULES!r}:
    sys.modules[module] = None
for owner, names in {ABSENT_NAMES!r}.items():
    for name in names:
        if hasattr(sys.modules[owner], name):
            delattr(sys.modules[owner], name)
sys.without_posix = True

# The judge starts its children with -S, so that no .pth file reaches them: hand them this one.
class Popen(subprocess.Popen):
    def __init__(self, args, **options):
        if "-S" in args and str(args[3]).endswith("boot.py"):
            args = [*args[:3], __file__, *args[3:]]
        super().__init__(args, **options)

if "-S" not in sys.orig_argv:
    subprocess.Popen = Popen
elif __name__ == "__main__":
    del sys.argv[0]
    sys.path[0] = os.path.dirname(sys.argv[0])
    with open(sys.argv[0], "rb") as boot:
        exec(compile(boot.read(), sys.argv[0], "exec"), {{"__name__": "__main__", "__file__": sys.argv[0]}})
'''


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="handgrad-without-posix-") as folder:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        scheme = "nt" if sys.platform == "win32" else "posix_prefix"
        packages = Path(sysconfig.get_path("purelib", scheme, {"base": folder, "platbase": folder}))
        packages.mkdir(parents=True, exist_ok=True)
        (packages / "without_posix_here.py").write_text(TAKE_AWAY, encoding="utf-8")
        # .pth files are read in alphabetical order: first what is installed, then what is taken away
        shared = sysconfig.get_path("purelib")
        (packages / "a_shared.pth").write_text(
            f"import site; site.addsitedir({shared!r})\n", encoding="utf-8"
        )
        (packages / "z_without_posix.pth").write_text(
            "import without_posix_here\n", encoding="utf-8"
        )
        scripts = Path(sysconfig.get_path("scripts", scheme, {"base": folder, "platbase": folder}))
        python = scripts / Path(sys.executable).name
        if not python.exists():
            python = scripts / "python"
        command = [str(python), "-m", "pytest", "-p", "no:cacheprovider", *sys.argv[1:]]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
