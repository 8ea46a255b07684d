"""Judge every answer in this folder and compare each verdict with the expected one.

Each folder is named after a level. The exit code is 0 if every verdict is as expected.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
EXPECTED = {
    "fully-connected/published.py": ["pass"],
    "fully-connected/db_not_summed.py": ["wrong"],
    "fully-connected/dx_not_reshaped.py": ["wrong"],
    "fully-connected/dw_missing_transpose.py": ["error"],
    "activations/published.py": ["pass", "pass"],
    "activations/passes_at_zero.py": ["pass", "wrong"],
    "three-layer-network/by_hand.py": ["pass"],
}


def handgrad(*arguments, **options):
    return subprocess.run([sys.executable, "-m", "handgrad", *arguments], **options)


def main():
    as_expected = True
    for level in ("fully-connected", "activations", "three-layer-network"):
        files = [name for name in EXPECTED if name.startswith(level + "/")]
        paths = [os.path.relpath(HERE / name) for name in files]
        print(f"$ handgrad judge {level} {' '.join(paths)}\n", flush=True)
        handgrad("judge", level, *paths)
        printed = handgrad("judge", level, *paths, "--json", capture_output=True, text=True)
        verdicts = [json.loads(line) for line in printed.stdout.splitlines()]
        for name, path in zip(files, paths):
            received = [v["verdict"] for v in verdicts if v["file"] == path]
            if received != EXPECTED[name]:
                as_expected = False
                print(f"{name}: expected {EXPECTED[name]}, received {received}")
        print(flush=True)
    print("All verdicts are as expected." if as_expected else "Some verdicts are not as expected.")
    return 0 if as_expected else 1


if __name__ == "__main__":
    sys.exit(main())
