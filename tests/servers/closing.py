"""What a test starts and takes down again: its block begins with `_begin` and ends with `close`."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Closing(ABC):
    """Also what began only in part is closed."""

    @abstractmethod
    def _begin(self) -> None:
        """Start everything."""

    @abstractmethod
    def close(self) -> None:
        """Stop everything and remove what it left."""

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
