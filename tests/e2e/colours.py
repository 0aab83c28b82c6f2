"""Colours as a browser computes them, and how well one is read on another (WCAG 2.2, 1.4.3)."""

import re

from playwright.sync_api import Locator

Rgb = tuple[int, ...]


def rgb(computed: str) -> Rgb:
    """Red, green and blue of a computed style, 0 to 255; it must not be transparent."""
    found = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", computed)
    assert found, computed
    return tuple(int(part) for part in found.groups())


def colour(element: Locator, name: str) -> Rgb:
    """A colour of an element's computed style, for instance `background-color`."""
    found = element.evaluate("(e, name) => getComputedStyle(e).getPropertyValue(name)", name)
    return rgb(str(found))


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of two opaque colours, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(channels: Rgb) -> float:
    shares = (part / 255 for part in channels)
    linear = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return sum(w * part for w, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
