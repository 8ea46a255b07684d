"""Labs that really listen on a loopback port, and clients that speak to them."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from handgrad.course import Course
from handgrad.lab.app import create_app
from handgrad.lab.server import ListenAddress, listen
from handgrad.lab.service import Lab, LabSettings
from handgrad.sandbox import Pool

PASSWORD = "correct horse"
MARKS = {"X-Handgrad": "1"}


@dataclasses.dataclass
class Serving:
    """A lab and where it listens."""

    lab: Lab
    address: str

    def client(self, **options: object) -> httpx.Client:
        """Somebody without a cookie."""
        return httpx.Client(base_url=self.address, timeout=30, trust_env=False, **options)


@contextlib.contextmanager
def serving(settings: LabSettings, pool: Pool | None = None) -> Iterator[Serving]:
    """Serve a lab on a free port, on a thread of its own."""
    with (
        listen(ListenAddress("127.0.0.1", 0)) as taken,
        _served(Lab(settings, pool), taken) as found,
    ):
        yield found


@contextlib.contextmanager
def _served(lab: Lab, taken: socket.socket) -> Iterator[Serving]:
    started = threading.Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            started.set()

    server = Server(
        uvicorn.Config(create_app(lab), log_config=None, lifespan="on", ws="none", access_log=False)
    )
    thread = threading.Thread(target=server.run, args=([taken],))
    thread.start()
    try:
        assert started.wait(60)
        yield Serving(lab, f"http://127.0.0.1:{taken.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join(60)


@pytest.fixture(scope="module")
def alone(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A lab of one learner."""
    folder = tmp_path_factory.mktemp("alone")
    with serving(LabSettings(course, f"sqlite:///{folder / 'lab.sqlite3'}")) as found:
        yield found


@pytest.fixture
def me(alone: Serving) -> Iterator[httpx.Client]:
    """The one learner's script: no cookie, no token."""
    with alone.client() as client:
        yield client


@pytest.fixture(scope="module")
def school(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A lab of a class that has a teacher, Noether."""
    folder = tmp_path_factory.mktemp("school")
    settings = LabSettings(course, f"sqlite:///{folder / 'lab.sqlite3'}", is_class=True)
    with serving(settings) as found:
        code = found.lab.invitations.invite_teacher()
        found.lab.invitations.join(code, "Noether", found.lab.passwords.hashed(PASSWORD))
        yield found


SignIn = Callable[[str], httpx.Client]


@pytest.fixture
def signed_in(school: Serving) -> Iterator[SignIn]:
    """Signs in as somebody, who joins the class when they are not there yet."""
    with contextlib.ExitStack() as stack:

        def sign_in(name: str) -> httpx.Client:
            lab = school.lab
            if lab.learners.named(name) is None:
                code = lab.invitations.invite_class(1).code
                lab.invitations.join(code, name, lab.passwords.hashed(PASSWORD))
            found = lab.learners.named(name)
            assert found is not None
            client = stack.enter_context(school.client())
            secret = lab.sessions.begin(found[0])
            client.cookies.set("handgrad_session", secret)
            client.headers.update(MARKS | {"X-CSRF-Token": lab.token(secret)})
            return client

        yield sign_in


@pytest.fixture
def fresh(
    course: Course, tmp_path: Path
) -> Callable[..., contextlib.AbstractContextManager[Serving]]:
    """Serves a lab on a database of the test's own, as often as it likes."""

    def serve(
        pool: Pool | None = None, **options: object
    ) -> contextlib.AbstractContextManager[Serving]:
        defaults = {"course": course, "address": f"sqlite:///{tmp_path / 'lab.sqlite3'}"}
        return serving(LabSettings(**(defaults | options)), pool)

    return serve
