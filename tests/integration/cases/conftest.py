"""The same house as for watches: the test moves its clock."""

from tests.integration.watches.conftest import client, clock, house, looker

__all__ = ["client", "clock", "house", "looker"]
