"""Takes the pictures of a check's report that the guide shows: as a notebook shows it, in both themes.

    python tools/check_pictures.py            # writes docs/guide/images/check-*.png

Needs torch, Chromium, playwright and a font with Han characters.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from lab_pictures import CHROMIUM, ROOT
from playwright.sync_api import sync_playwright

TARGET = ROOT / "docs" / "guide" / "images"
CHECKED = "examples/checks/test_tiled_product.py:TiledProduct"
PICTURES = {"check-light": ("en", "light"), "check-dark.zh": ("zh", "dark")}
SIZE = {"width": 900, "height": 704}


def report(language: str, page: Path) -> None:
    """The page of one report; its verdict is wrong, so that the command ends with 1."""
    command = [sys.executable, "-m", "handgrad", "check", CHECKED, "--library", "torch"]
    command += ["--input", "4x20", "--input", "20x24", "--seed", "1", "--lang", language]
    ended = subprocess.run(
        [*command, "--html", page], cwd=ROOT, stdout=subprocess.DEVNULL, check=False
    )
    if ended.returncode != 1:
        raise SystemExit(f"{' '.join(command)} ended with {ended.returncode}.")


def main() -> None:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, (language, theme) in PICTURES.items():
            path = Path(folder) / f"{name}.html"
            report(language, path)
            page = browser.new_page(viewport=SIZE, color_scheme=theme)
            page.goto(path.as_uri())
            page.screenshot(path=TARGET / f"{name}.png", animations="disabled")
        browser.close()


if __name__ == "__main__":
    main()
