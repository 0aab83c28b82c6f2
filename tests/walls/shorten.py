"""Cuts a WordPress comment list, as a site does that silently serves less to a suspect visitor."""

import re

_ITEM = re.compile(r"</?li\b[^>]*>", re.IGNORECASE)
_COMMENT = re.compile(r'<li\b[^>]*\bid="comment-\d+"', re.IGNORECASE)


def shorten(html: str, keep: int) -> str:
    """Give the page with only its first `keep` top-level comments (their replies stay).

    The rest of the page, its comment count included, is left as it was.
    """
    items = _top_level(html)
    cut = html
    for start, end in reversed(items[keep:]):
        cut = cut[:start] + cut[end:]
    return cut


def _top_level(html: str) -> list[tuple[int, int]]:
    first = _COMMENT.search(html)
    if first is None:
        return []
    items, depth, start = [], 0, 0
    for tag in _ITEM.finditer(html, first.start()):
        opens = not tag.group().startswith("</")
        if opens and depth == 0:
            if not _COMMENT.match(tag.group()):
                break  # the list is over
            start = tag.start()
        depth += 1 if opens else -1
        if depth == 0:
            items.append((start, tag.end()))
    return items
