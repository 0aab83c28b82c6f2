"""A house of its own for each test, with a client that may do everything."""

from tests.integration.export.conftest import client, house

__all__ = ["client", "house"]
