"""Whoever waits is woken by a judging thread; nothing is left behind."""

import asyncio
import threading

from handgrad.lab.waiting import WaitingRoom


def test_all_who_wait_for_an_answer_are_woken_and_no_others():
    async def run():
        room = WaitingRoom()
        room.open()
        first, second, other = room.enter(1), room.enter(1), room.enter(2)
        threading.Thread(target=room.judged, args=(1, ["{}"])).start()
        found = await asyncio.wait_for(asyncio.gather(first, second), 10)
        assert found == [["{}"], ["{}"]]
        assert not other.done()
        for number, future in ((1, first), (1, second), (2, other)):
            room.leave(number, future)
        assert not room._waiting

    asyncio.run(run())


def test_an_answer_that_nobody_waits_for_is_no_trouble():
    async def run():
        room = WaitingRoom()
        room.judged(1, [])
        room.open()
        room.judged(1, [])
        await asyncio.sleep(0)

    asyncio.run(run())
    room = WaitingRoom()
    asyncio.run(_opened(room))
    room.judged(1, [])  # the server has ended


async def _opened(room):
    room.open()


def test_nobody_waits_for_a_server_that_ends():
    async def run():
        room = WaitingRoom()
        room.open()
        before = room.enter(1)
        room.close()
        after = room.enter(2)
        assert await asyncio.wait_for(asyncio.gather(before, after), 10) == [None, None]
        room.judged(1, ["{}"])  # too late, and no trouble
        await asyncio.sleep(0)

    asyncio.run(run())
