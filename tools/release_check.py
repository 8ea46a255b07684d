"""Build wheel and sdist, install each in an environment of its own, and judge an answer with it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
ANSWER = ROOT / "examples" / "fully-connected" / "published.py"


def run(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], check=True, text=True, **options)  # type: ignore[call-overload,no-any-return]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        dist = Path(folder) / "dist"
        run(sys.executable, "-m", "build", "-q", "--installer", "pip", "--outdir", dist, ROOT)
        for package in sorted(dist.iterdir()):
            environment = Path(folder) / f"installed-{package.suffix[1:]}"
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
            print(f"{package.name}: installs and judges")


if __name__ == "__main__":
    main()
