"""The server's own HTML: the very form of a post is found again, and nothing else passes for it."""

import pytest

from archiver.checker.source import Form, SourcePage, decoded
from archiver.domain.observation import Sibling
from tests.walls import sim_markup
from tests.walls.sim_posts import make_posts

TEXT = "Both soles have holes and nobody answers me."
PAGE = """<!doctype html><html lang="en"><head><title>Wall</title><style>p{{margin:0}}</style>
<link rel="stylesheet" href="/site.css"></head><body class="wall">
<main>{items}</main><footer>Acme</footer></body></html>"""
ITEM = '<article id="comment-{n}" class="comment"><b class="by">{by}</b><p>{text}</p></article>'
OTHERS = [
    Sibling(position=0, post_id="comment-1", author="Bea", text="The zip broke on the second day."),
    Sibling(position=2, post_id="comment-3", author="Cy", text="My parcel was never sent at all."),
]
SEEN = Sibling(position=1, post_id="comment-2", author="Al", text=TEXT)


def item(number: int, by: str, text: str) -> str:
    return ITEM.format(n=number, by=by, text=text)


def page(middle: str) -> str:
    """The wall with something in the middle."""
    items = item(1, "Bea", OTHERS[0].text) + middle + item(3, "Cy", OTHERS[1].text)
    return PAGE.format(items=items)


LIVE = page(item(2, "Al", TEXT))


def form(html: str, seen: Sibling = SEEN) -> Form | None:
    return SourcePage(html).form_of(seen, OTHERS)


def test_a_post_has_the_same_form_at_each_load() -> None:
    first = form(LIVE)
    assert first is not None
    assert first.by == "id"
    assert form(LIVE) == first
    more = LIVE.replace(
        "</main>", item(4, "Di", "Another complaint of another person.") + "</main>"
    )
    assert form(more) == first, "new posts around change nothing"
    assert form(LIVE.replace("</footer>", " 2026</footer>")) == first


def test_without_an_id_author_and_text_within_one_item_do() -> None:
    nameless = Sibling(position=1, author="Al", text=TEXT)
    found = form(LIVE.replace('id="comment-2"', ""), nameless)
    assert found is not None
    assert found.by == "author+text"


CHANGED = {
    "a class that may hide it": LIVE.replace('-2" class="comment"', '-2" class="comment spam"'),
    "an inline style": LIVE.replace('id="comment-2"', 'id="comment-2" style="display:none"'),
    "the hidden attribute": LIVE.replace('id="comment-2"', 'id="comment-2" hidden'),
    "hidden further up": LIVE.replace("<main>", '<main aria-hidden="true">'),
    "a style on the words": LIVE.replace(f"<p>{TEXT}", f'<p style="opacity:0">{TEXT}'),
    "another style sheet": LIVE.replace("/site.css", "/site2.css"),
    "a rule in the page": LIVE.replace("p{margin:0}", "p{margin:0}#comment-2{display:none}"),
    "a layer over the page": LIVE.replace("<footer>", "<div class='layer'>Log in</div><footer>"),
    "a password field": LIVE.replace("</main>", "<input type='password'></main>"),
    "other words inside": LIVE.replace(TEXT, f"{TEXT}<i hidden></i>"),
}


@pytest.mark.parametrize("why", CHANGED)
def test_another_form_is_not_the_form(why: str) -> None:
    assert CHANGED[why] != LIVE
    assert form(CHANGED[why]) != form(LIVE)


NOT_THERE = {
    "gone": page(""),
    "other words": page(item(2, "Al", "Something else was written here since then.")),
    "in a script": page(f"<script>var t = '<p>{TEXT}</p>'</script>"),
    "in a template": page(f"<template>{item(2, 'Al', TEXT)}</template>"),
    "in a comment": page(f"<!-- {item(2, 'Al', TEXT)} -->"),
    "without scripts only": page(f"<noscript>{item(2, 'Al', TEXT)}</noscript>"),
    "quoted by another": page(
        f'<article id="comment-9"><b>Eve</b><blockquote><b>Al</b><p>{TEXT}</p></blockquote>'
        "</article>"
    ),
    "quoted in plain elements": page(
        f'<article id="comment-9"><b>Eve</b><div><b>Al</b><p>{TEXT}</p></div></article>',
    ),
    "struck out": page(f'<article id="comment-2"><b>Al</b><del><p>{TEXT}</p></del></article>'),
    "folded": page(f"<details><summary>more</summary>{item(2, 'Al', TEXT)}</details>"),
    "twice": page(item(2, "Al", TEXT) + item(2, "Al", TEXT)),
    "by somebody else": page(item(9, "Eve", TEXT)),
    "a page that moves on": LIVE.replace(
        "<title>", '<meta http-equiv="Refresh" content="0;url=/x"><title>'
    ),
    "nothing": "",
}


@pytest.mark.parametrize("why", NOT_THERE)
def test_what_is_not_the_post_is_not_found(why: str) -> None:
    assert form(NOT_THERE[why]) is None


def test_words_and_name_in_different_items_are_not_the_post() -> None:
    nameless = Sibling(position=1, author="Al", text=TEXT)
    apart = page(f"<article><p>{TEXT}</p></article>") + "<b>Al</b>"
    assert form(apart, nameless) is None


def test_a_simulated_wall_has_forms_for_all_of_its_posts() -> None:
    posts = make_posts()
    source = SourcePage(sim_markup.blog(posts, 1))
    seen = [Sibling(position=at, author=p.author, text=p.text) for at, p in enumerate(posts[:10])]
    for one in seen:
        assert source.form_of(one, [other for other in seen if other is not one]) is not None
        assert source.holds(one)


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("é".encode(), "text/html; charset=UTF-8", "é"),
        ("é".encode("latin-1"), "text/html;charset=iso-8859-1", "é"),
        (b'<meta charset="windows-1252">\xe9', "text/html", '<meta charset="windows-1252">é'),
        ("é".encode(), "text/html", "é"),  # nothing said
        ("é".encode("latin-1"), "text/html", None),  # not kept to
        (b"x", "text/html; charset=klingon", None),
    ],
)
def test_the_encoding_is_told_or_there_is_no_text(body: bytes, kind: str, text: str | None) -> None:
    assert decoded(body, kind) == text
