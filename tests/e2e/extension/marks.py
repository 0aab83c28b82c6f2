"""What the extension draws on a page, as the DevTools protocol describes it.

Its shadow root is closed to scripts only.
"""

from collections.abc import Iterator
from typing import Any

WAYS_OUT = ("Esc leaves.", "Échap quitte.")
"""How the picker's hint ends."""


def marks(node: dict[str, Any]) -> dict[str, Any]:
    """The extension's own element below a node of the DevTools protocol; {} when there is none."""
    if node.get("localName") == "rature-marks":
        return node
    inner = [
        *node.get("children", ()),
        *([node["contentDocument"]] if "contentDocument" in node else ()),
    ]
    return next((found for each in inner if (found := marks(each))), {})


def below(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every node inside, in shadow trees too."""
    for each in (*node.get("children", ()), *node.get("shadowRoots", ())):
        yield each
        yield from below(each)


def classes(node: dict[str, Any]) -> list[str]:
    """The names of its class attribute."""
    attributes = node.get("attributes", [])
    return dict(zip(attributes[::2], attributes[1::2], strict=True)).get("class", "").split()


def texts(node: dict[str, Any]) -> list[str]:
    """The words of a node; not those of a style."""
    own = [node["nodeValue"]] if node.get("nodeName") == "#text" else []
    inner = [*node.get("children", ()), *node.get("shadowRoots", ())]
    return own + [
        text for each in inner if each.get("localName") != "style" for text in texts(each)
    ]


def is_picking(said: str) -> bool:
    """Whether these words of the extension's on a page are the picker's, in whatever language.

    The notice of a capture that was just made stands in the same element, with other words.
    """
    return any(way_out in said for way_out in WAYS_OUT)
