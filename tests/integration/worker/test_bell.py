"""A bell that rings while its waiter is told to stop must not keep the waiter going."""

import asyncio

import pytest

from archiver.services.bell import Bell


@pytest.mark.parametrize("before", range(1, 4))
@pytest.mark.parametrize("between", range(4))
async def test_a_cancellation_that_comes_with_a_ring_is_not_lost(before: int, between: int) -> None:
    bell = Bell()
    waiting = asyncio.create_task(bell.wait(60))
    for _ in range(before):
        await asyncio.sleep(0)  # one turn of the loop each
    bell.ring()
    for _ in range(between):
        await asyncio.sleep(0)
    was_over = waiting.done()
    waiting.cancel()
    await asyncio.wait([waiting])
    assert waiting.cancelled() is not was_over


async def test_a_ring_before_the_wait_is_not_lost() -> None:
    bell = Bell()
    bell.ring()
    assert await bell.wait(60) is True


async def test_nobody_rings() -> None:
    assert await Bell().wait(0.01) is False
