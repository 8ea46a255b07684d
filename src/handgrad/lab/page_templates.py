"""The HTML pages around the bundle: a template each, the data the page begins with, the hashed names."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from handgrad.errors import LabError
from handgrad.languages import Language, Text

STATIC = Path(__file__).with_name("static")
TEMPLATES = Path(__file__).with_name("templates")
PageName = Literal["map", "level", "sign-in", "join", "class", "error"]

ENTRY, THEME = "src/main.ts", "src/theme.ts"
PARTS: dict[PageName, tuple[str, ...]] = {
    "map": (),
    "level": ("src/level/editor.ts",),
    "sign-in": (),
    "join": (),
    "class": (),
    "error": (),
}
"""The parts of the bundle that each page brings in beside the entry."""

NO_BUNDLE = Text(
    zh="{path} 不在：实验室的网页没有随包安装。请重新安装 handgrad；在源码里，请运行 npm --prefix web ci 和 "
    "npm --prefix web run build。",
    en="{path} is missing: the lab's pages were not installed with the package. Install handgrad "
    "again; in its source, run npm --prefix web ci and npm --prefix web run build.",
)
BAD_BUNDLE = Text(
    zh="{path} 无法读取（{reason}）：实验室的网页已损坏，请重新安装 handgrad。",
    en="{path} cannot be read ({reason}): the lab's pages are damaged; install handgrad again.",
)


class PageTemplates:
    """Renders the pages of the lab.

    Args:
        static: the folder of the bundle, with Vite's manifest.

    Raises:
        LabError: the bundle is not there or its manifest is damaged.
    """

    def __init__(self, static: Path = STATIC) -> None:
        self._assets = _assets(static)

    def page(
        self,
        name: PageName,
        *,
        language: Language,
        csrf_token: str,
        csp_nonce: str,
        data: Mapping[str, Any],
    ) -> str:
        """One whole page. `data` is what the page begins with, the same as the interface's JSON."""
        return self._environment.get_template(f"{name}.html").render(
            page=name,
            language=language,
            csrf_token=csrf_token,
            csp_nonce=csp_nonce,
            data=data,
            begins_with=_without_statements(data),
            assets=self._assets,
        )

    @cached_property
    def _environment(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.filters["embedded"] = embedded
        return environment


def _without_statements(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the script is given: the statements stand in the page itself."""
    level = data.get("level")
    if not isinstance(level, Mapping):
        return dict(data)
    return {**data, "level": {name: level[name] for name in level if name != "statement"}}


def embedded(data: Any) -> Markup:
    r"""JSON that may stand inside a ``<script type="application/json">``, whatever it holds.

    >>> embedded({"a": "</script>"})
    Markup('{"a":"\\u003c/script\\u003e"}')
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # every character that HTML reads was replaced


def _assets(static: Path) -> dict[str, Any]:
    """The addresses of the scripts and styles, and what each page loads ahead."""
    path = static / ".vite" / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        entry = manifest[ENTRY]
        return {
            "script": _address(entry["file"]),
            "theme": _address(manifest[THEME]["file"]),
            "styles": [_address(name) for name in entry["css"]],
            "fonts": [
                _address(name) for name in entry.get("assets", []) if name.endswith(".woff2")
            ],
            "ahead": {page: _ahead(manifest, parts) for page, parts in PARTS.items()},
        }
    except FileNotFoundError as error:
        raise LabError(NO_BUNDLE.format(path=path)) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabError(BAD_BUNDLE.format(path=path, reason=repr(error))) from error


def _ahead(manifest: Mapping[str, Any], parts: Sequence[str]) -> list[str]:
    """The chunks that a page will ask for, so that the browser need not find out one by one."""
    found: list[str] = []
    waiting = [ENTRY, *parts]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.append(one)
            waiting += manifest[one].get("imports", [])
    return [_address(manifest[name]["file"]) for name in found if name != ENTRY]


def _address(name: str) -> str:
    return f"/static/{name}"
