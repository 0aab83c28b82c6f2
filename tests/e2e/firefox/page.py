"""One tab, used by mouse and keyboard."""

import base64
from collections.abc import Iterator
from typing import Any

from tests.e2e.firefox.bidi import Bidi
from tests.servers.waiting import wait_for

TEXT_NODE = 3
KEYS = {
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
}
# An element, in the page or in one of its shadow roots.
FIND = """function find(selector, root = document) {
  const found = root.querySelector(selector);
  if (found) return found;
  const hosts = [...root.querySelectorAll('*')].filter(({shadowRoot}) => shadowRoot);
  return hosts.map((host) => find(selector, host.shadowRoot)).find(Boolean) ?? null;
}"""
# The browser finds what is under the mouse by the picture on screen, which comes after a scroll.
MIDDLE = f"""async selector => {{
  {FIND}
  const element = find(selector);
  const middle = (low, high, end) => (Math.max(0, low) + Math.min(end, high)) / 2;
  const place = () => {{
    const box = element.getBoundingClientRect();
    return [middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight)];
  }};
  const {{top, bottom}} = element.getBoundingClientRect();
  const isInside = top >= 80 && bottom <= innerHeight - 80;
  if (!isInside || !element.contains(element.getRootNode().elementFromPoint(...place()))) {{
    element.scrollIntoView({{block: 'center', behavior: 'instant'}});
  }}
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  return place();
}}"""
SHOWN = """selector => [...document.querySelectorAll(selector)]
  .some(element => element.getClientRects().length > 0)"""


class Page:
    """A tab of the browser."""

    def __init__(self, bidi: Bidi, context: str, sandbox: str | None = None) -> None:
        self._bidi = bidi
        self.context = context
        self._sandbox = sandbox

    def untouched(self) -> "Page":
        """The same tab, looked at from a world that the page's scripts cannot change."""
        return Page(self._bidi, self.context, "test")

    def goto(self, url: str) -> None:
        self._bidi.call("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def bring_to_front(self) -> None:
        """Not asked for in vain: Firefox refuses it for pages with privileges (since 159)."""
        if self.run("() => document.visibilityState") == "visible":
            return
        self._bidi.call("browsingContext.activate", context=self.context)

    def close(self) -> None:
        self._bidi.call("browsingContext.close", context=self.context)

    def run(self, function: str, *arguments: Any) -> Any:
        """What a function gives, in the page's own world unless the tab is `untouched`."""
        return self._bidi.run(self.context, function, *arguments, sandbox=self._sandbox)

    def text(self, selector: str = "body") -> str:
        """What can be read in it."""
        return str(self.run("s => document.querySelector(s)?.innerText ?? ''", selector))

    def wait_for_text(self, wanted: str, selector: str = "body") -> str:
        wait_for(lambda: wanted in self.text(selector), f"{wanted!r} in {selector}")
        return self.text(selector)

    def wait_for_shown(self, selector: str) -> None:
        wait_for(lambda: self.run(SHOWN, selector), f"{selector} is shown")

    def count(self, selector: str) -> int:
        return int(self.run("s => document.querySelectorAll(s).length", selector))

    def tree(self, selector: str) -> dict[str, Any]:
        """All of an element as BiDi describes it, closed shadow trees included; {} without one."""
        found = self._bidi.call(
            "browsingContext.locateNodes",
            context=self.context,
            locator={"type": "css", "value": selector},
            maxNodeCount=1,
            serializationOptions={"maxDomDepth": None, "includeShadowTree": "all"},
        )["nodes"]
        return dict(found[0]) if found else {}

    def said(self) -> str:
        """The words of the extension's picker or notice on the page; "" without one."""
        return " ".join(_texts(self.tree("rature-marks")))

    def fill(self, selector: str, text: str) -> None:
        self.run("(s, text) => { document.querySelector(s).value = text }", selector, text)

    def move(self, selector: str) -> tuple[int, int]:
        """Moves the mouse to the visible middle of an element."""
        x, y = (round(each) for each in self.run(MIDDLE, selector))
        self._mouse([{"type": "pointerMove", "x": x, "y": y}])
        return x, y

    def click(self, selector: str) -> None:
        """Presses the mouse there; a handler that it calls has the person's activation."""
        self.move(selector)
        buttons = ({"type": f"pointer{way}", "button": 0} for way in ("Down", "Up"))
        self._mouse(list(buttons))

    def frame(self) -> "Page":
        """The page's only frame."""
        tree = self._bidi.call("browsingContext.getTree", root=self.context)["contexts"][0]
        (child,) = tree["children"]
        return Page(self._bidi, child["context"])

    def drag(self, selector: str, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Draws with the mouse, from the left top corner of an element."""
        box = self.run("s => document.querySelector(s).getBoundingClientRect().toJSON()", selector)
        left, top = box["x"], box["y"]
        places = ({"x": round(left + x), "y": round(top + y)} for x, y in (start, end))
        moves = [{"type": "pointerMove", **place} for place in places]
        down, up = ({"type": f"pointer{way}", "button": 0} for way in ("Down", "Up"))
        self._mouse([moves[0], down, moves[1], up])

    def open_menu(self, selector: str) -> None:
        """Presses the right button there: the page's context menu opens."""
        self.move(selector)
        buttons = ({"type": f"pointer{way}", "button": 2} for way in ("Down", "Up"))
        self._mouse(list(buttons))

    def _mouse(self, actions: list[dict[str, Any]]) -> None:
        self._act({"type": "pointer", "id": "mouse", "actions": actions})

    def press(self, key: str) -> None:
        value = KEYS.get(key, key)
        ways = ({"type": f"key{way}", "value": value} for way in ("Down", "Up"))
        self._act({"type": "key", "id": "keyboard", "actions": list(ways)})

    def _act(self, source: dict[str, Any]) -> None:
        self._bidi.call("input.performActions", context=self.context, actions=[source])

    def screenshot(self, selector: str | None = None) -> bytes:
        """PNG of one element, all of it, or of the window."""
        options: dict[str, Any] = {}
        if selector:
            element = self._bidi.function(
                self.context,
                FIND,
                {"type": "string", "value": selector},
            )
            shared = {"sharedId": element["sharedId"]}
            options = {"clip": {"type": "element", "element": shared}, "origin": "document"}
        answer = self._bidi.call(
            "browsingContext.captureScreenshot", context=self.context, **options
        )
        return base64.b64decode(answer["data"])

    @property
    def url(self) -> str:
        tree = self._bidi.call("browsingContext.getTree", root=self.context)
        return str(tree["contexts"][0]["url"])


def _texts(node: dict[str, Any]) -> Iterator[str]:
    """The words of a node that BiDi describes, its shadow tree included; not those of a style."""
    value = node.get("value", {})
    if value.get("localName") == "style":
        return
    if value.get("nodeType") == TEXT_NODE:
        yield value["nodeValue"]
    root = value.get("shadowRoot")
    for below in [*value.get("children", ()), *([root] if root else ())]:
        yield from _texts(below)
