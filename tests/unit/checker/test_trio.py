"""The permalink trio: own pages only, and a soft "not found" is known by an invented id."""

import pytest

from archiver.checker.further import Page
from archiver.checker.page_state import Response
from archiver.checker.trio import (
    Asked,
    classify,
    classify_page,
    conclude,
    invent,
    own_page,
    same_kind,
)
from archiver.domain.observation import Answer
from tests.unit.checker.builders import post, reading

WALL = "https://brand.example/wall"
SERVED, GONE, UNCLEAR = (Asked(Answer.SERVED), Asked(Answer.GONE), Asked(Answer.UNCLEAR))
SAYS = frozenset({"whatever", "stood", "here"})
BACK = Asked(Answer.GONE, back=True)
PLACE = Asked(Answer.GONE, back=True, found=True)
SOFT = Asked(Answer.UNCLEAR, soft=True, title="Not here", words=100, said=SAYS)
SHELL = Asked(Answer.UNCLEAR, soft=True, title="Not here", words=95)


@pytest.mark.parametrize(
    ("permalink", "own"),
    [
        ("https://brand.example/p/107", True),
        ("https://brand.example/wall#comment-107", False),  # a place on the wall
        ("https://brand.example/wall?page=2#comment-107", False),
        ("https://brand.example/wall", False),
        (None, False),
    ],
)
def test_only_pages_of_their_own_are_asked(permalink: str | None, own: bool) -> None:
    assert (own_page(permalink, [WALL]) is not None) is own


@pytest.mark.parametrize(
    ("permalink", "invented"),
    [
        ("https://x.example/p/107", "https://x.example/p/10790173"),
        ("https://x.example/2026/my-post/", "https://x.example/2026/my-post90173/"),
        ("https://x.example/view?id=7&a=b", "https://x.example/view?id=790173&a=b"),
    ],
)
def test_invented_address_has_the_same_form(permalink: str, invented: str) -> None:
    assert invent(permalink) == invented


@pytest.mark.parametrize(
    ("target", "sibling", "nothing", "agrees", "answer"),
    [
        (GONE, SERVED, GONE, True, Answer.GONE),
        (SERVED, SERVED, GONE, False, Answer.SERVED),
        (GONE, GONE, GONE, False, Answer.GONE),  # everything is gone: it says nothing
        (GONE, SERVED, UNCLEAR, False, Answer.GONE),
        (GONE, PLACE, GONE, True, Answer.GONE),  # the address of a living post leads to its place
        (GONE, BACK, GONE, False, Answer.GONE),  # to the wall, but not to it
        (BACK, PLACE, GONE, False, Answer.GONE),  # it may live, and the wall does not show it
        (GONE, PLACE, BACK, False, Answer.GONE),  # every address leads there
        (GONE, PLACE, PLACE, False, Answer.GONE),
        (BACK, SERVED, GONE, True, Answer.GONE),
        (SOFT, SERVED, SOFT, True, Answer.GONE),  # the same page as for an invented id
        (Asked(Answer.UNCLEAR, soft=True, title="Other", words=900), SERVED, SOFT, False,
         Answer.UNCLEAR),
        (SHELL, SERVED, SOFT, False, Answer.UNCLEAR),  # it came too late to say anything
        (SHELL, SERVED, SHELL, False, Answer.UNCLEAR),
        (SOFT, UNCLEAR, SOFT, False, Answer.UNCLEAR),
    ],
)  # fmt: skip
def test_the_three_together(
    target: Asked, sibling: Asked, nothing: Asked, agrees: bool, answer: Answer
) -> None:
    trio = conclude(target, sibling, nothing)
    assert (trio.agrees, trio.target) == (agrees, answer)


@pytest.mark.parametrize(
    ("response", "page", "answer"),
    [
        (Response(410, WALL), reading(), Answer.GONE),
        (Response(200, WALL), reading(), Answer.GONE),  # sent back to the wall
        (Response(200, "https://brand.example/p/1"), reading(post("a")), Answer.SERVED),
        (Response(200, "https://brand.example/p/1"), reading(post("b")), Answer.UNCLEAR),
        (Response(429, "https://brand.example/p/1"), reading(), Answer.UNCLEAR),
        (Response(404, "https://parking.example/"), reading(), Answer.UNCLEAR),
    ],
)
def test_one_answer(response: Response, page, answer: Answer) -> None:
    asked = classify("https://brand.example/p/1", response, page, [post("a").key], WALL)
    assert asked.answer is answer


def test_a_page_whose_own_requests_failed_says_nothing() -> None:
    page = Page(Response(200, "https://brand.example/p/1"), reading(), unsure=True)
    assert classify_page("https://brand.example/p/1", page, ["a"], WALL) == UNCLEAR
    shown = Page(Response(200, "https://brand.example/p/1"), reading(post("a")), unsure=True)
    asked = classify_page("https://brand.example/p/1", shown, [post("a").key], WALL)
    assert asked.answer is Answer.SERVED


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("https://x.example/p/1", "https://x.example/p/22", True),
        ("https://x.example/alice/status/1", "https://x.example/bob/status/2", True),
        ("https://x.example/2026/03/one/", "https://x.example/2025/11/other/", True),
        ("https://x.example/view?id=1", "https://x.example/view?id=2", True),
        ("https://x.example/p/1", "https://x.example/blog/2", False),  # another part of the site
        ("https://x.example/alice/1", "https://x.example/bob/2", False),
        ("https://x.example/wall", "https://x.example/p/1", False),
        ("https://x.example/view?id=1", "https://x.example/show?id=2", False),
        ("https://x.example/view?id=1", "https://x.example/view?id=2&a=b", False),
        ("https://x.example/p/1", "https://y.example/p/2", False),
    ],
)
def test_what_answers_one_address_says_something_of_those_of_its_form(
    one: str, other: str, alike: bool
) -> None:
    assert same_kind(one, other) is alike


def test_an_address_that_leads_back_to_the_wall_may_lead_to_the_posts_place() -> None:
    words = "what q01 has to say about the brand's shoes."
    page = reading(post("q01"), post("q02"))
    asked = classify("https://brand.example/p/1", Response(200, WALL), page, [words], WALL)
    assert (asked.answer, asked.leads_there) == (Answer.GONE, True)
    other = classify("https://brand.example/p/9", Response(200, WALL), page, ["Mine alone."], WALL)
    assert (other.answer, other.back, other.leads_there) == (Answer.GONE, True, False)
    gone = classify("https://brand.example/p/9", Response(404, WALL), page, [words], WALL)
    assert (gone.answer, gone.leads_there) == (Answer.GONE, False)
