"""Reads a WordPress wall by plain HTTP, independently of Rature's own reader."""

import re

import httpx

_ITEM = re.compile(r'<li id="comment-(\d+)"')


def ids_on(address: str, cookies: dict[str, str] | None = None) -> list[int]:
    """Give the numbers of the comments on one page, from top to bottom."""
    page = httpx.get(address, cookies=cookies, follow_redirects=True).raise_for_status()
    return [int(number) for number in _ITEM.findall(page.text)]


def pages_of(address: str) -> list[list[int]]:
    """Give the comments of every page that a visitor can turn to, the article's own first."""
    found, number = [ids_on(address)], 2
    while ids := ids_on(f"{address}comment-page-{number}/"):
        found.append(ids)
        number += 1
        if number > 20:
            raise AssertionError("no end of pages")
    return found
