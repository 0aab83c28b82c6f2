"""Reads pages the way a person's browser does."""

import re

from tests.integration.client import TestClient

TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]+)"')


def csrf_token(client: TestClient, path: str = "/access") -> str:
    found = TOKEN.search(client.get(path).text)
    assert found, f"{path} has no form of the session"
    return found[1]
