"""The popup behind the toolbar's button, driven as a person drives it.

`Extensions.triggerAction` presses the real button, so the browser opens the real popup and grants
`activeTab` for the tab in front, as for a person's click. Playwright does not list that popup among
its pages; it is reached by a nested session of the DevTools protocol.
"""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import CDPSession

PATIENCE_S = 20.0
MIDDLE = """selector => {
  const element = document.querySelector(selector);
  element.scrollIntoView({block: 'center'});
  const box = element.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""
READY = """selector => document.readyState === 'complete'
  && !!document.querySelector(selector)?.getClientRects().length"""


class Gone(Exception):
    """The popup has closed, as it does after its button was pressed."""


class Popup:
    """One open popup. `text` and `click` wait for what they need, up to PATIENCE_S."""

    def __init__(self, session: CDPSession, target_id: str, wait: Callable[[], None]) -> None:
        self._session = session
        self._target = target_id
        self._wait = wait
        self._answers: dict[int, dict[str, Any]] = {}
        self._count = 0
        attached = session.send("Target.attachToTarget", {"targetId": target_id, "flatten": False})
        self._id = attached["sessionId"]
        session.on("Target.receivedMessageFromTarget", self._receive)

    def _receive(self, event: dict[str, Any]) -> None:
        message = json.loads(event["message"])
        if event["sessionId"] == self._id and "id" in message:
            self._answers[message["id"]] = message

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """One protocol command to the popup. Raises Gone when it has closed."""
        self._count += 1
        number = self._count
        message = json.dumps({"id": number, "method": method, "params": params})
        try:
            self._session.send(
                "Target.sendMessageToTarget", {"sessionId": self._id, "message": message}
            )
        except Exception as error:
            raise Gone(str(error)) from error
        deadline = time.monotonic() + PATIENCE_S
        while number not in self._answers:
            if time.monotonic() > deadline or not self.is_open():
                raise Gone(method)
            self._wait()
        return dict(self._answers.pop(number).get("result", {}))

    def is_open(self) -> bool:
        """Whether the browser still shows it."""
        targets = self._session.send("Target.getTargets")["targetInfos"]
        return any(target["targetId"] == self._target for target in targets)

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the popup."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        return answer.get("result", {}).get("value")

    def text(self) -> str:
        """What can be read in it."""
        return str(self.evaluate("document.body.innerText"))

    def wait_for_text(self, wanted: str) -> str:
        """Waits until it says something; raises AssertionError with what it says instead."""
        deadline = time.monotonic() + PATIENCE_S
        while wanted not in (said := self.text()):
            assert time.monotonic() < deadline, f"no {wanted!r} in the popup, which says:\n{said}"
            self._wait()
        return said

    def click(self, selector: str) -> None:
        """Presses the mouse in the middle of an element."""
        self._wait_for(selector)
        box = self.evaluate(f"({MIDDLE})({json.dumps(selector)})")
        for kind in ("mousePressed", "mouseReleased"):
            try:
                self.call(
                    "Input.dispatchMouseEvent",
                    type=kind,
                    x=box[0],
                    y=box[1],
                    button="left",
                    clickCount=1,
                )
            except Gone:
                return

    def _wait_for(self, selector: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        ready = f"({READY})({json.dumps(selector)})"
        while not self.evaluate(ready):
            assert time.monotonic() < deadline, f"no {selector} in the popup"
            self._wait()

    def screenshot(self) -> bytes:
        """PNG of the popup."""
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])
