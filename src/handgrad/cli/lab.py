"""``handgrad lab``: the levels in the browser."""

from __future__ import annotations

import logging
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from handgrad.cli.console import Speaker, complain
from handgrad.cli.options import course_of, language_option
from handgrad.course import Course
from handgrad.errors import UsageError
from handgrad.languages import Text

if TYPE_CHECKING:
    from handgrad.lab.server import Place
    from handgrad.lab.service import Lab, Settings

PORT = 8300
NEEDED = ("fastapi", "uvicorn", "sqlalchemy", "alembic", "argon2", "jinja2")


def command(speaker: Speaker) -> click.Command:
    """The command ``lab``."""

    @click.command(
        "lab",
        help=speaker.say(
            "在浏览器里学：左边讲解，右边写代码，按「运行」马上知道对不对。",
            "Learn in the browser: the explanation on the left, your code on the right, and Run.",
        ),
        params=[language_option(speaker)],
    )
    @click.option(
        "--host",
        default="127.0.0.1",
        show_default=True,
        help=speaker.say("监听的地址。", "The address to listen on."),
    )
    @click.option(
        "--port",
        type=click.IntRange(0, 65535),
        default=PORT,
        show_default=True,
        help=speaker.say("端口；0 表示任意一个空的。", "The port; 0 for any that is free."),
    )
    @click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help=speaker.say(
            "存放数据的文件夹（默认是用户的数据文件夹）。",
            "The folder to keep data in (by default in your data folder).",
        ),
    )
    @click.option(
        "--database",
        envvar="HANDGRAD_DATABASE",
        metavar="URL",
        help=speaker.say(
            "改用 PostgreSQL：postgresql://用户@主机/库名。",
            "Use PostgreSQL instead: postgresql://user@host/name.",
        ),
    )
    @click.option(
        "--no-browser", is_flag=True, help=speaker.say("不打开浏览器。", "Open no browser.")
    )
    @click.option(
        "--class",
        "is_class",
        is_flag=True,
        help=speaker.say(
            "给一个班用：大家用名字和密码登录。", "For a class: learners sign in with a password."
        ),
    )
    @click.option(
        "--allow-host",
        "names",
        multiple=True,
        metavar=speaker.say("名字", "NAME"),
        help=speaker.say(
            "这台机器的另一个名字（例如代理的域名）。",
            "A further name of this machine, a proxy's for example.",
        ),
    )
    @click.option(
        "--behind-proxy",
        is_flag=True,
        help=speaker.say(
            "相信本机代理说的来访地址和 https。",
            "Believe a proxy on this machine who asks, and whether by https.",
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
        from handgrad.lab.server import Place

        place = Place(host, port, behind_proxy)
        if not is_class and not place.is_local:
            raise UsageError(ONLY_A_CLASS.format(host=host))
        settings = _settings(course_of(context), place, data, database, is_class, names)
        return run(settings, place, speaker, wants_browser=not no_browser)

    return lab


def require_installed() -> None:
    """What the lab needs is installed.

    Raises:
        UsageError: it is not; the message says which command installs it.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(NOT_INSTALLED.format(names=", ".join(missing), python=sys.executable))


def _settings(
    course: Course,
    place: Place,
    data: Path | None,
    database: str | None,
    is_class: bool,
    names: tuple[str, ...],
) -> Settings:
    from handgrad.lab.service import Settings
    from handgrad.store.location import data_folder, plain_address, sqlite_address

    if database:
        address = plain_address(database)
    else:
        address = sqlite_address(data_folder() if data is None else data)
    return Settings(course, address, is_class, place.is_local, names)


def run(settings: Settings, place: Place, speaker: Speaker, *, wants_browser: bool) -> int:
    """Start the lab, say where it is, and serve it until Ctrl-C."""
    from handgrad.lab.server import address_of, opened, serve, show

    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    with opened(settings, place) as (lab, taken):
        address = address_of(taken, place)
        first = address + _way_in(lab)

        def started() -> None:
            for text in _told(lab, address, first):
                click.echo(speaker.text(text))
            sys.stdout.flush()
            if wants_browser:
                show(first, lambda: complain(speaker.text(OPEN_YOURSELF.format(address=first))))

        serve(lab, taken, place, started)
    click.echo(speaker.text(ENDED))
    return 0


def _way_in(lab: Lab) -> str:
    """The page to begin with: for a class without a teacher, a link that makes one."""
    if not lab.settings.is_class or lab.learners.is_any_teacher():
        return ""
    return f"join?code={quote(lab.invitations.invite_teacher())}"


def _told(lab: Lab, address: str, first: str) -> list[Text]:
    told = [ADDRESS.format(address=address)]
    if first != address:
        told.append(TEACHER.format(address=first))
    told.append(ISOLATION.format(level=lab.isolation.level))
    if lab.notice is not None:
        told.append(lab.notice)
    told.append(DATA.format(name=lab.database.name))
    if lab.backup is not None:
        told.append(BACKUP.format(path=lab.backup))
    return [*told, TO_END]


NOT_INSTALLED = Text(
    zh='网页实验室还没有安装（缺 {names}）。请运行：{python} -m pip install "handgrad[lab]"',
    en='The lab is not installed ({names} missing). Run: {python} -m pip install "handgrad[lab]"',
)
ONLY_A_CLASS = Text(
    zh="{host} 可以从别的机器访问，所以需要登录：请加上 --class，或用 --host 127.0.0.1。",
    en="{host} can be reached from other machines, so learners must sign in: add --class, or use "
    "--host 127.0.0.1.",
)
ADDRESS = Text(zh="实验室：{address}", en="The lab: {address}")
TEACHER = Text(
    zh="老师请打开这个链接，只能用一次：{address}",
    en="Teacher, open this link; it works once: {address}",
)
ISOLATION = Text(zh="隔离级别：{level}", en="Isolation level: {level}")
DATA = Text(zh="数据在 {name}", en="Data in {name}")
BACKUP = Text(
    zh="数据库是旧版本的，已经升级；原来的一份在 {path}",
    en="The database was of an older version and was migrated; a copy as it was is in {path}",
)
TO_END = Text(zh="按 Ctrl-C 结束。", en="Ctrl-C ends it.")
OPEN_YOURSELF = Text(
    zh="没有找到可以打开的浏览器。请自己打开：{address}",
    en="No browser could be opened. Open this yourself: {address}",
)
ENDED = Text(zh="实验室已关闭，数据都已保存。", en="The lab has ended; everything is saved.")
