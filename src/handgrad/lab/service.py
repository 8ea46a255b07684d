"""All that the lab's routes work with, put together once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from handgrad.course import Course
from handgrad.judging.queue import JudgingQueue
from handgrad.lab.waiting import WaitingRoom
from handgrad.store.answers import Answers
from handgrad.store.database import Database
from handgrad.store.learners import Learners
from handgrad.store.migration import bring_up_to_date
from handgrad.store.progress import Workbook


@dataclass(frozen=True)
class Settings:
    """What the lab is started with.

    Attributes:
        course: the levels.
        address: of the database.
        host: what it listens on.
        port: likewise; 0 for any that is free.
        is_class: whether several learners sign in.
    """

    course: Course
    address: str
    host: str = "127.0.0.1"
    port: int = 8300
    is_class: bool = False


class Lab:
    """The store, the judges, and those who wait for verdicts."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.course = settings.course
        self.database = Database(settings.address)
        bring_up_to_date(self.database)
        self.answers = Answers(self.database)
        self.learners = Learners(self.database)
        self.workbook = Workbook(self.database)
        self.waiting = WaitingRoom()
        self.queue = JudgingQueue(self.answers, self.course, self.waiting.judged)
        self.instance = secrets.token_hex(8)
        """Changes at every start, so that a page knows that the server is another one."""

    def close(self) -> None:
        """End the judges and the connections."""
        self.queue.close()
        self.database.close()
