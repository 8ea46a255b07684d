"""Whoever waits is woken by a judging thread; nothing is left behind."""

import asyncio
import threading

from handgrad.lab.verdict_waiters import VerdictWaiters


def test_all_who_wait_for_an_answer_are_woken_and_no_others():
    async def run():
        room = VerdictWaiters()
        room.open()
        first, second, other = waiters = [room.add() for _ in range(3)]
        for number, waiter in ((1, first), (1, second), (2, other)):
            room.assign(number, waiter)
        threading.Thread(target=room.judged, args=(1, ["{}"])).start()
        found = await asyncio.wait_for(asyncio.gather(first, second), 10)
        assert found == [["{}"], ["{}"]]
        assert not other.done()
        for waiter in waiters:
            room.remove(waiter)
        assert not room._answer_of

    asyncio.run(run())


def test_an_answer_that_nobody_waits_for_is_no_trouble():
    async def run():
        room = VerdictWaiters()
        room.judged(1, [])
        room.open()
        room.judged(1, [])
        await asyncio.sleep(0)

    asyncio.run(run())
    room = VerdictWaiters()
    asyncio.run(_opened(room))
    room.judged(1, [])  # the server has ended


async def _opened(room):
    room.open()


def test_who_left_before_their_answer_was_stored_leaves_nothing_behind():
    async def run():
        room = VerdictWaiters()
        room.open()
        waiter = room.add()
        room.remove(waiter)
        room.assign(1, waiter)  # the thread that stored it had not heard
        assert not room._answer_of
        room._wake(1, ["{}"])
        assert waiter.cancelled()

    asyncio.run(run())


def test_nobody_waits_for_a_server_that_ends():
    async def run():
        room = VerdictWaiters()
        room.open()
        before, unnumbered = room.add(), room.add()
        room.assign(1, before)
        room.close()
        after = room.add()
        assert await asyncio.wait_for(asyncio.gather(before, unnumbered, after), 10) == [None] * 3
        room.judged(1, ["{}"])  # too late, and no trouble
        await asyncio.sleep(0)

    asyncio.run(run())
