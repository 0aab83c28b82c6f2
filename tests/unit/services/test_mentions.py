"""What tells that another post, or a page, shows a post that is to be erased."""

from typing import Any

import pytest

from archiver.services.mentions import Mentions

TEXT = "Mes chaussures sont trouées après huit mois."
POST = Mentions.of(
    [
        {"text": TEXT, "author": "Zénobie Q.", "post_id": "comment-12", "permalink": "https://a.example/p#12"},
        {"text": "ok", "author": None, "post_id": None, "permalink": None},
    ]
)  # fmt: skip

TABLE: list[tuple[dict[str, Any], bool, bool]] = [
    # its words, typed or encoded in another way
    ({"text": "Mes  chaussures sont trouées après huit mois."}, True, True),
    # a quotation in an answer
    ({"text": f"@Z “{TEXT}” Bonjour, écrivez-nous."}, True, True),
    # shortened by the page
    ({"text": "Mes chaussures sont trouées"}, True, True),
    # another complaint
    ({"text": "Mes lunettes sont rayées après huit jours."}, False, False),
    # a few words that everybody writes, on another wall: by chance
    ({"text": "ok", "author": "Somebody"}, True, False),
    # the same words by the same author
    ({"text": "OK".lower(), "author": "zénobie q."}, True, True),
    # a short text inside another one
    ({"text": "ok, merci"}, False, False),
    # its id counts on its own wall alone: others count from 1 as well
    ({"text": "…", "post_id": "12"}, True, False),
    ({"text": "…", "post_id": "13"}, False, False),
    # its address counts everywhere
    ({"text": "…", "permalink": "http://www.a.example/p/#12"}, True, True),
    ({"text": ""}, False, False),
]


@pytest.mark.parametrize(("post", "on_its_wall", "elsewhere"), TABLE)
def test_a_post_is_recognised(post: dict[str, Any], on_its_wall: bool, elsewhere: bool) -> None:
    assert POST.are(post, same_wall=True) is on_its_wall
    assert POST.are(post, same_wall=False) is elsewhere


@pytest.mark.parametrize(
    ("author", "same"),
    [("Zénobie Q.", True), ("@zénobie q.", True), ("Zénobie", False), (None, False)],
)
def test_the_author_is_recognised_by_name(author: str | None, same: bool) -> None:
    assert POST.name({"text": "something else", "author": author}) is same


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (f"Avis\n{TEXT}\nRépondre", True),
        ("Mes chau\nssures sont trou\n ées après\nhuit mois.", True),
        ("ok ok ok", False),
        ("Mes chaussures sont neuves.", False),
        ("", False),
    ],
)
def test_a_page_is_searched_for_long_texts_however_it_breaks_them(page: str, shown: bool) -> None:
    assert POST.stand_in(page) is shown
