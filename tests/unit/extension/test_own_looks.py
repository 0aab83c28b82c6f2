"""When the person's own browser looks, and what a page that it read says of a post."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from archiver.checker.anchoring import normalise, same_address, same_author, same_id
from tests.e2e.extension.launch import launch
from tests.unit.extension.test_modules import run

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
NOW = 100 * DAY
SITE = "https://wall.example"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with launch(tmp_path_factory.mktemp("looks"), []) as browser:
        yield browser.open(browser.address("pages/pair.html"))


def moment(milliseconds: float) -> str:
    return f"1970-04-{1 + int(milliseconds // DAY) - 90:02d}T00:00:00Z"


def watch(state: str, **changes: Any) -> dict[str, Any]:
    """One that a public look missed a moment ago."""
    verdict = {"state": state, "last_seen": moment(95 * DAY), "first_missing": moment(96 * DAY)}
    found = {"id": "w", "page": f"{SITE}/wall#7", "last_check_at": moment(NOW), "verdict": verdict}
    return found | changes


VISIBLE = {"state": "visible", "last_seen": moment(99 * DAY), "first_missing": None}
CONFIRMED = {**watch("removed")["verdict"], "level": "confirmed"}


@pytest.mark.parametrize(
    ("found", "last", "due"),
    [
        (watch("removed"), None, True),
        (watch("removed"), NOW - HOUR, True),  # a public look missed it since
        (watch("removed"), NOW - MINUTE, False),  # a person would not be back so soon
        (watch("removed", last_check_at=moment(98 * DAY)), NOW - HOUR, False),  # nothing new
        (watch("visible", verdict=VISIBLE), NOW - HOUR, False),  # everybody sees it
        (watch("visible", verdict=VISIBLE), NOW - DAY, True),  # once a day even so
        (watch("removed", verdict=CONFIRMED), NOW - HOUR, False),  # settled
        (watch("withdrawn"), NOW - 9 * DAY, False),  # over
        (watch("removed", waits_until=moment(NOW + DAY)), None, False),  # the site wants no visits
        (watch("pending", verdict=None), NOW - HOUR, True),  # nothing concluded yet
    ],
)
def test_a_look_follows_the_services_own_that_missed_the_post(
    page: Page, found: dict[str, Any], last: float | None, due: bool
) -> None:
    assert run(page, "look_plan", "m.isDue(a[0], a[1], a[2])", [found, last, NOW]) is due


@pytest.mark.parametrize(
    ("looks", "free"),
    [
        ([], NOW),
        ([NOW - 20 * MINUTE], NOW - 5 * MINUTE),
        ([NOW - MINUTE], NOW + 14 * MINUTE),
        ([NOW - n * HOUR for n in range(1, 12)], NOW - 45 * MINUTE),  # eleven today
        ([NOW - n * HOUR for n in range(1, 13)], NOW + 12 * HOUR),  # twelve: the oldest must age
        ([NOW - 25 * HOUR] * 30, NOW),  # yesterday's do not count
    ],
)
def test_a_site_is_left_alone_between_looks_and_after_twelve_a_day(
    page: Page, looks: list[float], free: float
) -> None:
    assert run(page, "look_plan", "m.freeFrom(a[0], a[1])", [looks, NOW]) == free


def test_one_page_at_a_time_the_missed_post_first_and_only_where_it_is_allowed(page: Page) -> None:
    watches = [
        watch("visible", id="seen", page=f"{SITE}/one", verdict=VISIBLE),
        watch("removed", id="missed", page=f"{SITE}/two#9"),
        watch("removed", id="elsewhere", page="https://other.example/"),
        watch("removed", id="odd", page="javascript:alert(1)"),
    ]
    sites = {SITE: {"looks": []}}
    chosen = run(
        page, "look_plan", "m.nextPage(a[0], a[1], new Map(), a[2])", [watches, sites, NOW]
    )
    assert chosen == {"origin": SITE, "page": f"{SITE}/two", "at": NOW}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (f"{SITE}/wall#7", f"{SITE}/wall", True),  # a place within the page
        (f"{SITE}/#/wall/7", f"{SITE}/#/wall/8", False),  # a program's own route
        (f"{SITE}/#!wall", f"{SITE}/", False),
        (f"{SITE}/#/wall/7", f"{SITE}/#/wall/7", True),
    ],
)
def test_a_programs_own_route_is_another_page(page: Page, one: str, other: str, same: bool) -> None:
    assert run(page, "own_sighting", "m.samePage(a[0], a[1])", [one, other]) is same
    watches = [watch("removed", page=one)]
    chosen = run(
        page,
        "look_plan",
        "m.nextPage(a[0], a[1], new Map(), a[2])",
        [watches, {SITE: {"looks": []}}, NOW],
    )
    assert chosen["page"] == one.removesuffix("#7")


LONG = "After eight months both soles have holes, and nobody answers me."


def post(text: str = LONG, author: str | None = "A. Customer", **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {"post_id": None, "parent_id": None, "permalink": None}
    return {"text": text, "author": author, "visible": True, **fields, **changes}


@pytest.mark.parametrize(
    ("found", "by", "same"),
    [
        (post(post_id="comment-7"), "id", True),
        (post(post_id="li-comment-7"), "id", True),
        (post("Edited: never mind, they answered me after all.", post_id="comment-7"), "id", False),
        (post("Something else altogether", "B. Other", post_id="comment-7"), None, None),
        (post(permalink=f"{SITE}/wall/#7", author=None), "permalink", True),
        (post(), "author+text", True),
        (post(LONG.replace("o", "о")), "author+text", True),  # a look-alike letter
        (post(f"  {LONG.replace(' ', '  ')}\u200b"), "author+text", True),
        (post(LONG.replace("months", "month")), "author+text", False),
        (post(f"{LONG[:45]}... See more"), "beginning", True),
        (post(author="B. Other"), None, None),  # the words of somebody else
        (post(f"A. Customer wrote: {LONG} I agree!", "B. Other"), None, None),  # a quotation
        (post(author=None), "text", True),
    ],
)
def test_which_item_is_the_post(
    page: Page, found: dict[str, Any], by: str | None, same: bool | None
) -> None:
    target = {
        "text": LONG,
        "author": "A. Customer",
        "post_id": "comment-7",
        "permalink": f"{SITE}/wall#7",
    }
    match = run(page, "match", "m.findPost(a[0], [a[1]])", [target, found])
    assert (match and match["by"], match and match["isSame"]) == (by, same)


def test_no_look_is_taken_at_a_post_whose_words_another_browser_masked(page: Page) -> None:
    black = watch("removed", id="masked", text="These ████ have holes, says ██ ███.")
    plain = watch("removed", id="plain", text=LONG)
    chosen = run(page, "masked", "(await m.withoutMasked(a)).map(({id}) => id)", [black, plain])
    assert chosen == ["plain"]


@pytest.mark.parametrize(
    ("told", "is_told"),
    [
        ({"author": "B. Other"}, False),
        ({"author": "A. customer"}, True),
        ({"author": "Maria A. Customers"}, False),  # another name, of which it is a part
        ({"text": "says A. Customer, who knows"}, True),
        ({"permalink": f"{SITE}/@a.customer/17"}, True),
        ({"parent": f"{SITE}/u/a-customer#3"}, True),
        ({"post_id": "comment-17"}, False),
    ],
)
def test_a_neighbour_that_names_what_was_hidden_is_left_out(
    page: Page, told: dict[str, str], is_told: bool
) -> None:
    nothing = dict.fromkeys(("author", "post_id", "permalink", "parent")) | {"text": ""}
    assert run(page, "masked", "m.tells(a[0], [a[1]])", [nothing | told, "A. Customer"]) is is_told


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [(LONG, LONG, 1, 1), (LONG, LONG[:-1], 0.98, 0.9999), ("abcd", "wxyz", 0, 0), ("", "", 1, 1)],
)
def test_how_alike_two_texts_are(
    page: Page, one: str, other: str, least: float, most: float
) -> None:
    assert least <= run(page, "match", "m.similarity(a[0], a[1])", [one, other]) <= most


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("comment-12", "li-comment-12", True),
        ("post-12", "comment-12", False),
        ("t1_o8nd42m", "thing_t1_o8nd42m", True),  # with a site's adapter, and without
        ("d42m7x", "t1_o8nd42m7x", False),  # only the end of another
    ],
)
def test_ids_agree_as_they_do_for_the_service(page: Page, one: str, other: str, same: bool) -> None:
    assert run(page, "match", "m.sameId(a[0], a[1])", [one, other]) is same


# What the rules of identity turn on: look-alikes and what nobody sees, marks of ids, parts of
# addresses.
WORDS = st.text(st.sampled_from("aAеЕоs@: ·\u200b\u00ad\t\u00a0’'«»—-ﬁ½é\u0301"), max_size=8)
MARKS = st.lists(
    st.sampled_from(["comment", "li", "t1", "post", "thing", "12", "7", "d42m7x", "-", "_", "#"]),
    max_size=4,
).map("".join)
ADDRESSES = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["wall.example", "www.wall.example", "wall.example:8080"]),
    st.sampled_from(["", "/", "/posts/7", "/posts/7/", "/posts/8"]),
    st.sampled_from(["", "?p=1", "?p=2"]),
    st.sampled_from(["", "#c-1", "#c-2"]),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.tuples(WORDS, WORDS), min_size=10),
    marks=st.lists(st.tuples(MARKS, MARKS), min_size=10),
    links=st.lists(st.tuples(ADDRESSES, ADDRESSES), min_size=10),
)
def test_both_sides_have_the_same_rules_of_identity(
    page: Page,
    names: list[tuple[str, str]],
    marks: list[tuple[str, str]],
    links: list[tuple[str, str]],
) -> None:
    body = (
        "[a[0].map((p) => m.normalise(p[0])), a[0].map((p) => m.sameAuthor(...p)),"
        " a[1].map((p) => m.sameId(...p)), a[2].map((p) => m.sameAddress(...p))]"
    )
    assert run(page, "match", body, [names, marks, links]) == [
        [normalise(one) for one, _ in names],
        [same_author(*pair) for pair in names],
        [same_id(*pair) for pair in marks],
        [same_address(*pair) for pair in links],
    ]


def test_both_sides_fold_the_same_look_alikes(page: Page) -> None:
    letters = [chr(code) for code in range(0x20, 0x3000) if chr(code).isprintable()]
    folded = run(page, "match", "a.map((letter) => m.normalise(letter))", letters)
    differ = {
        letter for letter, its in zip(letters, folded, strict=True) if its != normalise(letter)
    }
    assert differ == set()
