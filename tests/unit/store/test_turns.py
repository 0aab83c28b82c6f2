"""Writers of one process write in the order in which they came."""

import threading

import pytest

from archiver.store.turns import Turns


def test_turns_are_given_in_order() -> None:
    turns, order, threads = Turns(), [], []

    def take(number: int) -> None:
        with turns:
            order.append(number)

    with turns:
        for number in range(5):
            thread = threading.Thread(target=take, args=(number,))
            thread.start()
            threads.append(thread)
            while len(turns._waiting) <= number:
                threading.Event().wait(0.001)
        assert order == []
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_one_at_a_time_also_after_an_error() -> None:
    turns, inside, most = Turns(), 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(200):
            try:
                with turns:
                    inside += 1
                    most = max(most, inside)
                    inside -= 1
                    raise RuntimeError
            except RuntimeError:
                continue

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    with turns:  # it is free again
        assert inside == 0


def test_who_has_the_turn_and_asks_for_it_is_told() -> None:
    turns = Turns()
    with turns, pytest.raises(RuntimeError, match="wait for itself"), turns:
        pass
    with turns:  # and it is still given back
        pass
