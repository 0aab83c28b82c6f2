"""A WebDriver BiDi session: one command, one answer, over a web socket.

https://w3c.github.io/webdriver-bidi/ and, for `moz:` parameters,
Firefox's own source documentation.
"""

import json
from contextlib import ExitStack
from typing import Any

from websockets.sync.client import connect

ANSWER_S = 60.0


class BidiError(Exception):
    """The browser refused a command, or a script threw."""


class Bidi:
    """One session. Values go to and fro as JSON."""

    def __init__(self, port: int) -> None:
        with ExitStack() as unless_open:
            # A screenshot of a tall post is larger than the library's default limit.
            self._socket = unless_open.enter_context(
                connect(f"ws://127.0.0.1:{port}/session", max_size=None, compression=None)
            )
            self._count = 0
            self.call("session.new", capabilities={})
            self._open = unless_open.pop_all()

    def close(self) -> None:
        self._open.close()

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of one command. Raises BidiError with the browser's own words."""
        self._count += 1
        number = self._count
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv(timeout=ANSWER_S))
            if answer.get("id") != number:
                continue
            if answer["type"] == "error":
                raise BidiError(f"{method}: {answer['error']}: {answer['message']}")
            return dict(answer["result"])

    def run(self, context: str, function: str, *arguments: Any, sandbox: str | None = None) -> Any:
        """What a JavaScript function gives, called with JSON values; a promise is waited for.

        In a `sandbox` it sees the page as the browser made it, whatever its scripts have changed.
        """
        body = f"async text => JSON.stringify(await ({function})(...JSON.parse(text)))"
        argument = {"type": "string", "value": json.dumps(arguments)}
        result = self.function(context, body, argument, sandbox=sandbox)
        return json.loads(result["value"]) if "value" in result else None

    def function(
        self, context: str, body: str, *arguments: dict[str, Any], sandbox: str | None = None
    ) -> dict[str, Any]:
        """What a JavaScript function gives, as BiDi describes it. Raises BidiError if it throws."""
        answer = self.call(
            "script.callFunction",
            functionDeclaration=body,
            target={"context": context} | ({"sandbox": sandbox} if sandbox else {}),
            awaitPromise=True,
            userActivation=False,
            arguments=list(arguments),
        )
        if answer["type"] == "exception":
            raise BidiError(answer["exceptionDetails"]["text"])
        return dict(answer["result"])
