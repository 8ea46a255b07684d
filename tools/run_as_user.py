"""Run a command as an ordinary user: ``python tools/run_as_user.py COMMAND…`` (as root).

Rights are given up before the command is looked for, which `setpriv` does not do: what the user may
not reach is not run.
"""

from __future__ import annotations

import subprocess
import sys

USER = 47_110


def main() -> int:
    try:
        done = subprocess.run(
            sys.argv[1:], user=USER, group=USER, extra_groups=[], check=False, cwd="/", env={}
        )
    except OSError as error:
        print(error, file=sys.stderr)
        return 126
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
