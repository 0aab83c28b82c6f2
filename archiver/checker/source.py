"""Whether the server's own HTML, before any script ran, holds a post as its item. Pure.

A browser look notes the form in which it found the post in the answer itself: the elements around
it with all their attributes, its own mark-up, the style sheets, what lies directly in the body. A
plain request may say `present` only where all of that is still the same: a class or a style that
would hide the post, a quotation in somebody's reply, a layer over the page is another form. Nothing
is concluded from a difference.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.domain.observation import Sibling

MOST_TEXT = 20_000
"""Characters of an element's text above which it is no post."""
MIN_TEXT = 12
"""Characters that a text needs to be looked for."""
TRACE = 200
"""Characters of a neighbour's text that are looked for."""
NO_TEXT = ["script", "style", "template", "noscript", "iframe", "textarea", "object", "svg"]
NOT_THE_POST = frozenset({"blockquote", "q", "cite", "del", "s", "strike", "dialog", "details"})
"""Elements whose text is quoted, struck out or folded."""
_DIGITS = re.compile(r"\d+")
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE
)
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*"?([A-Za-z0-9_.:-]+)""", re.IGNORECASE)


@dataclass(frozen=True)
class Form:
    """How a post stands in the HTML: digests of its item and of the page around, and what
    identified it (`id` or `author+text`)."""

    item: str
    page: str
    by: str


def decoded(body: bytes, content_type: str) -> str | None:
    """The HTML as text; None when its encoding is not told plainly or not kept to."""
    named = _HEADER_CHARSET.search(content_type)
    said = _CHARSET.search(body[:1024])
    charset = named[1] if named else said[1].decode("ascii") if said else "utf-8"
    try:
        return body.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return None


def forms_of(
    answer: tuple[bytes, str] | None,
    seen: Sequence[Sibling | None],
    around: Sequence[Sequence[Sibling]],
) -> list[Form | None]:
    """The form of each post that was seen, in the body and media type that a server answered;
    `around` are the other posts that were seen with each."""
    html = decoded(*answer) if answer is not None and any(seen) else None
    if html is None:
        return [None] * len(seen)
    page = SourcePage(html)
    return [
        page.form_of(one, others) if one is not None else None
        for one, others in zip(seen, around, strict=True)
    ]


class SourcePage:
    """One HTML answer, read once for all posts that are looked for on it."""

    def __init__(self, html: str) -> None:
        tree = LexborHTMLParser(html)
        self._moves = bool(tree.css_first('meta[http-equiv="refresh" i]'))
        self._page = _page_digest(tree)
        tree.strip_tags(NO_TEXT)
        body = tree.body
        self._text = _squashed(body.text()) if body is not None else ""
        self._by_text: dict[str, list[LexborNode]] = {}
        for node in _elements(body):
            text = node.text()
            if len(text) <= MOST_TEXT:
                self._by_text.setdefault(_squashed(text), []).append(node)

    def form_of(self, seen: Sibling, neighbours: Sequence[Sibling]) -> Form | None:
        """The form of a post that was seen so; None when it is not certainly here, once."""
        text = _squashed(seen.text)
        if self._moves or len(text) < MIN_TEXT:
            return None
        others = [words for one in neighbours if (words := _trace(one)) and words not in text]
        places = _outermost(self._by_text.get(text, []))
        found = [(place, by) for place in places if (by := _identified(place, seen, others))]
        if len(found) != 1:
            return None
        place, by = found[0]
        return Form(item=_item_digest(place), page=self._page, by=by)

    def holds(self, neighbour: Sibling) -> bool:
        """Whether a neighbour's words stand on the page."""
        words = _trace(neighbour)
        return bool(words) and words in self._text


def _identified(place: LexborNode, seen: Sibling, others: Sequence[str]) -> str | None:
    """What shows that the item around is the post: its id, or its author's name."""
    chain = list(_upwards(place))
    if any(node.tag in NOT_THE_POST for node in chain):
        return None
    nearest = next((node for node in chain if _has_such_id(node, seen.post_id)), None)
    if nearest is not None:
        return "id" if any(own == seen.post_id for own in _ids(nearest)) else None
    author = _squashed(seen.author or "")
    item = next((node for node in chain if author and _names(node, author, place)), None)
    if item is None or any(words in _squashed(item.text()) for words in others):
        return None
    return "author+text"


def _has_such_id(node: LexborNode, post_id: str | None) -> bool:
    """Whether an element carries an id of the same form: it is an item of the list."""
    form = _DIGITS.sub("0", post_id or "")
    return bool(form) and any(_DIGITS.sub("0", value) == form for value in _ids(node))


def _ids(node: LexborNode) -> Iterator[str]:
    """An element's own id, and what its `data-` attributes say."""
    for name, value in node.attributes.items():
        if value and (name == "id" or name.startswith("data-")):
            yield value


def _names(node: LexborNode, author: str, place: LexborNode) -> bool:
    """Whether an element within, outside of the post's words, is just the author's name."""
    inside = {one.mem_id for one in _elements(place)}
    return any(
        _squashed(one.text()) == author
        for one in _elements(node)
        if one.mem_id not in inside and not any(up.tag in NOT_THE_POST for up in _upwards(one))
    )


def _outermost(nodes: Sequence[LexborNode]) -> list[LexborNode]:
    """Of elements with the same text those that are in none of the others."""
    known = {node.mem_id for node in nodes}
    return [
        node
        for node in nodes
        if not any(up.mem_id in known for up in _upwards(node) if up.mem_id != node.mem_id)
    ]


def _item_digest(place: LexborNode) -> str:
    chain = [f"{node.tag} {sorted(node.attributes.items(), key=str)}" for node in _upwards(place)]
    return _digest([*chain, place.html or ""])


def _page_digest(tree: LexborHTMLParser) -> str:
    styles = [node.text() for node in tree.css("style")]
    sheets = [str(node.attributes.get("href")) for node in tree.css('link[rel~="stylesheet" i]')]
    doors = len(tree.css('input[type="password" i], dialog, [role="dialog"], [aria-modal]'))
    shell = [
        f"{node.tag} {node.attributes.get('id')} {node.attributes.get('class')}"
        for node in (tree.body.iter() if tree.body is not None else ())
        if node.tag not in ("script", "style", "noscript")
    ]
    return _digest([*styles, "-", *sheets, "-", str(doors), *shell])


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def _elements(node: LexborNode | None) -> Iterator[LexborNode]:
    if node is not None:
        yield from node.traverse(include_text=False)


def _upwards(node: LexborNode) -> Iterator[LexborNode]:
    """The element itself and all around it, up to the document's own."""
    at: LexborNode | None = node
    while at is not None and at.tag and not at.tag.startswith("-"):
        yield at
        at = at.parent


def _trace(sibling: Sibling) -> str:
    words = _squashed(sibling.text)[:TRACE]
    return words if len(words) >= MIN_TEXT else ""


def _squashed(text: str) -> str:
    """Without white space: the browser breaks lines where the mark-up has none."""
    return "".join(text.split())
