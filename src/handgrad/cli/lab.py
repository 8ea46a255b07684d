"""``handgrad lab``: starts the web application."""

from __future__ import annotations

import logging
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from handgrad.cli.console import Speaker, complain
from handgrad.cli.options import course_of
from handgrad.errors import UsageError
from handgrad.languages import Text, name_list

if TYPE_CHECKING:
    from handgrad.lab.server import ListenAddress
    from handgrad.lab.service import Lab, LabSettings

PORT = 8300
NEEDED = ("fastapi", "uvicorn", "sqlalchemy", "alembic", "argon2", "jinja2")


def command(speaker: Speaker) -> click.Command:
    """The command ``lab``."""

    @click.command(
        "lab",
        help=speaker.say(
            "启动网页实验室，在浏览器里学习。左边是讲解，右边写代码，按「运行」就知道对不对。",
            "Start the lab, to learn in the browser. Read the explanation, write code, press Run.",
        ),
    )
    @click.option(
        "--host",
        metavar=speaker.say("地址", "ADDRESS"),
        default="127.0.0.1",
        show_default=True,
        help=speaker.say("监听的地址。", "Address to listen on."),
    )
    @click.option(
        "--port",
        metavar="N",
        type=click.IntRange(0, 65535),
        default=PORT,
        show_default=True,
        help=speaker.say("端口；0 表示任选一个空闲的。", "Port; 0 selects a free one."),
    )
    @click.option(
        "--data",
        metavar=speaker.say("文件夹", "FOLDER"),
        type=click.Path(file_okay=False, path_type=Path),
        help=speaker.say(
            "存放数据的文件夹；默认在用户的数据目录里。",
            "Folder for the data; by default in your user data directory.",
        ),
    )
    @click.option(
        "--database",
        envvar="HANDGRAD_DATABASE",
        metavar="URL",
        help=speaker.say(
            "改用 PostgreSQL：postgresql://用户@主机/数据库名。",
            "Use PostgreSQL instead of SQLite: postgresql://user@host/name.",
        ),
    )
    @click.option(
        "--no-browser", is_flag=True, help=speaker.say("不打开浏览器。", "Do not open a browser.")
    )
    @click.option(
        "--class",
        "is_class",
        is_flag=True,
        help=speaker.say(
            "供一个班使用：用名字和密码登录。", "Serve a class: learners sign in with a password."
        ),
    )
    @click.option(
        "--allow-host",
        "names",
        multiple=True,
        metavar=speaker.say("名字", "NAME"),
        help=speaker.say(
            "这台机器的另一个主机名，例如代理的域名。可以多次使用。",
            "Another host name of this machine, such as a proxy's. Can be repeated.",
        ),
    )
    @click.option(
        "--behind-proxy",
        is_flag=True,
        help=speaker.say(
            "信任本机代理转发的客户端地址和 https 信息。",
            "Trust the client address and the https header sent by a proxy on this machine.",
        ),
    )
    @click.pass_context
    def lab(
        context: click.Context,
        host: str,
        port: int,
        data: Path | None,
        database: str | None,
        no_browser: bool,
        is_class: bool,
        names: tuple[str, ...],
        behind_proxy: bool,
    ) -> int:
        require_installed()
        from handgrad.lab.server import ListenAddress
        from handgrad.lab.service import LabSettings
        from handgrad.store.database_address import data_folder, plain_address, sqlite_address

        place = ListenAddress(host, port, behind_proxy)
        if not is_class and not place.is_local:
            raise UsageError(ONLY_A_CLASS.format(host=host))
        course = course_of(context)
        address = plain_address(database) if database else sqlite_address(data or data_folder())
        settings = LabSettings(course, address, is_class, place.is_local, names)
        return run(settings, place, speaker, wants_browser=not no_browser)

    return lab


def require_installed() -> None:
    """Check that the packages of the lab are installed.

    Raises:
        UsageError: one is missing; the message gives the command that installs it.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(NOT_INSTALLED.format(names=name_list(missing), python=sys.executable))


def run(
    settings: LabSettings, place: ListenAddress, speaker: Speaker, *, wants_browser: bool
) -> int:
    """Start the lab, print its address, and serve it until Ctrl-C."""
    from handgrad.lab.server import address_of, opened, serve, show

    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    with opened(settings, place) as (lab, taken):
        address = address_of(taken, place)
        first = address + _first_page(lab)

        def started() -> None:
            for text in _startup_messages(lab, address, first):
                click.echo(speaker.text(text))
            sys.stdout.flush()
            if wants_browser:
                show(first, lambda: complain(speaker.text(OPEN_YOURSELF.format(address=first))))

        serve(lab, taken, place, started)
    click.echo(speaker.text(ENDED))
    return 0


def _first_page(lab: Lab) -> str:
    """The page to open first: for a class without a teacher, the link to register one."""
    if not lab.settings.is_class or lab.learners.is_any_teacher():
        return ""
    return f"join?code={quote(lab.invitations.invite_teacher())}"


def _startup_messages(lab: Lab, address: str, first: str) -> list[Text]:
    messages = [ADDRESS.format(address=address)]
    if first != address:
        messages.append(TEACHER.format(address=first))
    messages.append(ISOLATION.format(level=lab.isolation.level))
    if lab.notice is not None:
        messages.append(lab.notice)
    messages.append(DATA.format(name=lab.database.name))
    if lab.backup is not None:
        messages.append(BACKUP.format(path=lab.backup))
    return [*messages, TO_END]


NOT_INSTALLED = Text(
    zh='网页实验室需要的包还没有安装：{names}。请运行：{python} -m pip install "handgrad[lab]"',
    en="The lab needs packages that are not installed: {names}. "
    'Run: {python} -m pip install "handgrad[lab]"',
)
ONLY_A_CLASS = Text(
    zh="别的机器可以访问 {host}，所以必须登录：请加上 --class，或者改用 --host 127.0.0.1。",
    en="Other machines can reach {host}, so learners must sign in: add --class, or use "
    "--host 127.0.0.1.",
)
ADDRESS = Text(zh="实验室：{address}", en="The lab: {address}")
TEACHER = Text(
    zh="老师请打开这个链接（只能使用一次）：{address}",
    en="Teacher, open this link (it works once): {address}",
)
ISOLATION = Text(zh="隔离级别：{level}", en="Isolation level: {level}")
DATA = Text(zh="数据：{name}", en="Data: {name}")
BACKUP = Text(
    zh="数据库已从旧版本升级；升级前的备份在 {path}",
    en="The database was upgraded from an older version; a backup of the old one is in {path}",
)
TO_END = Text(zh="按 Ctrl-C 结束。", en="Press Ctrl-C to stop.")
OPEN_YOURSELF = Text(
    zh="无法打开浏览器。请自己打开：{address}",
    en="The browser could not be opened. Open this address yourself: {address}",
)
ENDED = Text(zh="实验室已关闭，数据都已保存。", en="The lab has stopped. Everything is saved.")
