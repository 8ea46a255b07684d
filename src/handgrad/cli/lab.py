"""``handgrad lab``: the levels in the browser."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from handgrad.cli.console import Speaker
from handgrad.cli.options import course_of, language_option


def command(speaker: Speaker) -> click.Command:
    """The command ``lab``."""

    @click.command(
        "lab",
        help=speaker.say("在浏览器里学。", "Learn in the browser."),
        params=[language_option(speaker)],
    )
    @click.option("--host", default="127.0.0.1")
    @click.option("--port", type=int, default=8300)
    @click.option("--data", type=click.Path(path_type=Path), default=None)
    @click.option("--no-browser", is_flag=True)
    @click.pass_context
    def lab(
        context: click.Context, host: str, port: int, data: Path | None, no_browser: bool
    ) -> int:
        import uvicorn

        from handgrad.lab.app import create_app
        from handgrad.lab.service import Settings

        folder = data or Path(tempfile.gettempdir()) / "handgrad-lab"
        folder.mkdir(parents=True, exist_ok=True)
        app = create_app(
            Settings(course_of(context), f"sqlite:///{folder / 'lab.sqlite3'}", host, port)
        )
        click.echo(f"http://{host}:{port}/")
        uvicorn.run(app, host=host, port=port, log_level="warning")
        return 0

    return lab
