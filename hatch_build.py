"""Compile the native engine into the wheel; where that fails, make the pure-Python wheel and say so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = Path("src/handgrad/kernels/source/native.c")
INSTALLED = "handgrad/kernels/_native.so"
FLAGS = (
    "-O3", "-std=gnu11", "-fPIC", "-shared", "-fvisibility=hidden",
    "-fno-math-errno", "-fno-trapping-math",
)  # fmt: skip
PURE = "handgrad: pure Python, without the native engine: "


class NativeEngine(BuildHookInterface[Any]):
    """``HANDGRAD_NATIVE=0`` makes the pure-Python wheel; ``CC`` names another compiler."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before the wheel is written: compile, and tell the wheel what it holds."""
        in_place = Path(self.root, "src", INSTALLED)
        if version == "editable":
            in_place.unlink(missing_ok=True)
        self.folder = tempfile.mkdtemp()
        library = Path(self.folder, in_place.name)
        failure = compiled(Path(self.root, SOURCE), library)
        if failure is not None:
            self.app.display_warning(PURE + failure)
            return
        if version == "editable":
            shutil.move(library, in_place)
        else:
            build_data["force_include"][str(library)] = INSTALLED
        build_data["pure_python"] = False
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{platform}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Afterwards: nothing is left behind."""
        shutil.rmtree(self.folder, ignore_errors=True)


def compiled(source: Path, library: Path) -> str | None:
    """Compile `source` into `library`; why not, in one line, or None."""
    if os.environ.get("HANDGRAD_NATIVE") == "0":
        return "HANDGRAD_NATIVE=0 asks for it."
    if sys.platform == "win32":
        return "not built on Windows."
    names = [os.environ["CC"]] if os.environ.get("CC") else ["cc", "gcc", "clang"]
    compiler = next((found for name in names if (found := shutil.which(name))), None)
    if compiler is None:
        return f"no C compiler found ({', '.join(names)})."
    command = [compiler, *FLAGS, "-o", str(library), str(source), "-lm", "-lpthread"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode == 0:
        return None
    said = (ran.stderr.strip().splitlines() or ["no message"])[0]
    return f"{compiler} failed: {said}"
