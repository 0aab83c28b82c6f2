"""A lock that is given in the order in which it was asked for."""

from collections import deque
from threading import Lock, get_ident


class Turns:
    """Like `threading.Lock` in a `with`, but nobody who comes later goes first: a thread that
    writes again and again does not keep another one from ever writing."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._taken = False
        self._owner: int | None = None
        self._waiting: deque[Lock] = deque()

    def __enter__(self) -> None:
        if self._owner == get_ident():
            raise RuntimeError("a transaction within a transaction would wait for itself")
        with self._guard:
            free = not self._taken
            self._taken = True
            if not free:
                mine = Lock()
                mine.acquire()
                self._waiting.append(mine)
        if not free:
            mine.acquire()
        self._owner = get_ident()

    def __exit__(self, *_: object) -> None:
        self._owner = None
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
