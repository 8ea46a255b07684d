"""Build the sdist and both wheels, install each in a fresh environment, and judge an answer with it.

The wheel holds the compiled engine where there is a C compiler; the pure-Python one always exists.
Apart from that engine the two hold the same files.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
ANSWER = ROOT / "examples" / "fully-connected" / "published.py"


def run(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], check=True, text=True, **options)  # type: ignore[call-overload,no-any-return]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        dist = Path(folder) / "dist"
        run(sys.executable, "-m", "build", "-q", "--installer", "pip", "--outdir", dist, ROOT)
        run(
            *(sys.executable, "-m", "build", "-q", "--wheel", "--installer", "pip"),
            *("--outdir", dist, ROOT),
            env=os.environ | {"HANDGRAD_NATIVE": "0"},
        )
        require_same_files(sorted(dist.glob("*.whl")))
        for number, package in enumerate(sorted(dist.iterdir())):
            environment = Path(folder) / f"installed-{number}"
            run(sys.executable, "-m", "venv", environment)
            python = environment / ("Scripts" if sys.platform == "win32" else "bin") / "python"
            run(python, "-m", "pip", "install", "-q", package)
            judged = run(
                python,
                "-m",
                "handgrad",
                "judge",
                "fully-connected",
                ANSWER,
                cwd=folder,
                capture_output=True,
            )
            assert "pass" in judged.stdout or "通过" in judged.stdout, judged.stdout
            engine = run(
                *(python, "-c", "from handgrad import kernels; print(kernels.engine().name)"),
                cwd=folder,
                capture_output=True,
            ).stdout.strip()
            assert engine == "numpy" or "none-any" not in package.name
            print(f"{package.name}: installs and judges; engine {engine}")


def require_same_files(wheels: list[Path]) -> None:
    """Every wheel holds the pure one's files, and nothing more than the compiled engine."""
    [pure] = [wheel for wheel in wheels if "py3-none-any" in wheel.name]
    held = {wheel: set(zipfile.ZipFile(wheel).namelist()) for wheel in wheels}
    assert any(name.endswith("level.toml") for name in held[pure])
    assert {"handgrad/sandbox/child/boot.py", "handgrad/sandbox/protocol/wire.py"} <= held[pure]
    for wheel in set(wheels) - {pure}:
        assert held[wheel] - held[pure] == {"handgrad/kernels/_native.so"}, wheel
        assert held[pure] <= held[wheel], wheel


if __name__ == "__main__":
    main()
