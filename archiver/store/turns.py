"""A lock that is given in the order in which it was asked for."""

from collections import deque
from threading import Lock


class Turns:
    """Like `threading.Lock` in a `with`, but nobody who comes later goes first: a thread that
    writes again and again does not keep another one from ever writing."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    def __enter__(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        mine.acquire()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
