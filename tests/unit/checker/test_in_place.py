"""What stands where the post stood, and what the posts around it say."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from archiver.checker.controls import judge_place
from archiver.checker.in_place import parent_is_gone, retold, stone_in_place
from archiver.checker.reading import Post
from archiver.checker.redesign import another_shape
from archiver.checker.sighting import say
from archiver.checker.wall import Wall, WallPost
from archiver.domain.observation import Actor, Observation, Reason, Sighting
from archiver.domain.post import Target
from tests.unit.checker.builders import post, seen_among, wall, words

NAMES = ["a", "b", "c", "T", "d", "e", "f"]
AROUND = ["a", "b", "c", "d", "e", "f"]


def with_post(new: Post, place: int, names: list[str] = AROUND) -> Wall:
    """A wall of these posts, with another one at a place."""
    posts = list(wall(names).posts)
    posts.insert(place, WallPost(new, 0))
    return Wall(tuple(posts), starts=True, ends=True)


def nameless(text: str) -> Post:
    return post("", text, author=None, post_id=None)


STRANGE = "Iruzkin hau kendu egin da"


@pytest.mark.parametrize(
    ("now", "actor"),
    [
        (with_post(nameless("This comment was removed by a moderator."), 3), Actor.MODERATOR),
        (with_post(nameless(STRANGE), 3), Actor.UNKNOWN),  # in no known words
        (with_post(nameless(STRANGE), 1), None),  # elsewhere
        (with_post(post("z", STRANGE), 3), None),  # somebody's words
        (with_post(nameless(STRANGE), 2, ["b", "c", "e", "f"]), None),  # beside one of them only
    ],
)
def test_a_nameless_item_between_its_neighbours_is_a_stone(now: Wall, actor: Actor | None) -> None:
    history = [seen_among(NAMES, "T")]
    stone = stone_in_place(history, now, judge_place(history, now, "T"))
    assert (stone.actor if stone else None) == actor


def test_where_nobody_has_a_name_a_nameless_item_is_no_stone() -> None:
    posts = [WallPost(replace(entry.post, author=None), 0) for entry in wall(AROUND).posts]
    posts.insert(3, WallPost(nameless(STRANGE), 0))
    history = [seen_among(NAMES, "T")]
    now = Wall(tuple(posts), starts=True, ends=True)
    assert stone_in_place(history, now, judge_place(history, now, "T")) is None


def translated(*names: str, of: Sequence[str] = NAMES) -> Wall:
    posts = [
        WallPost(
            post(name, f"Übersetzt: {name} ist unzufrieden.") if name in names else post(name), 0
        )
        for name in of
    ]
    return Wall(tuple(posts), starts=True, ends=True)


@pytest.mark.parametrize(
    ("changed", "doubted"),
    [
        (("T",), False),  # it alone was edited
        (("T", "a", "b"), False),  # two others
        (("T", "a", "b", "c"), True),
    ],
)
def test_a_wall_that_reads_otherwise_is_no_edit(changed: tuple[str, ...], doubted: bool) -> None:
    history = [seen_among(NAMES, "T")]
    assert (retold(history, translated(*changed)) is not None) is doubted
    said = say(target(), history, translated(*changed), None)
    assert (said.reason, said.sighting) == (
        (Reason.INCOMPLETE, None) if doubted else (None, Sighting.EDITED)
    )


@pytest.mark.parametrize(("others", "doubted"), [(12, False), (11, True)])
def test_three_that_read_otherwise_are_few_among_many(others: int, doubted: bool) -> None:
    names = ["T", *(f"n{at}" for at in range(others))]
    shown = translated("n0", "n1", "n2", of=names)
    assert (retold([seen_among(names, "T")], shown) is not None) is doubted


def target() -> Target:
    return Target(url="https://brand.example/wall", text=words("T"), author="T", post_id="c-T")


def answering(parent: str) -> Observation:
    seen = seen_among(NAMES, "T")
    assert seen.seen is not None
    return seen.model_copy(update={"seen": seen.seen.model_copy(update={"parent": f"c-{parent}"})})


@pytest.mark.parametrize(
    ("now", "gone"),
    [
        (wall(["a", "b", "d", "e", "f"]), True),  # c went, and T with it
        (wall(AROUND), False),  # c is there
        (with_post(post("c", "[deleted]", author=None), 2, ["a", "b", "d", "e", "f"]), True),
        (with_post(post("c", "Another text by c."), 2, ["a", "b", "d", "e", "f"]), False),
    ],
)
def test_an_answer_goes_with_what_it_answers(now: Wall, gone: bool) -> None:
    history = [answering("c")]
    assert parent_is_gone(history, now) is gone
    said = say(target(), history, now, None)
    assert said.sighting is (Sighting.PARENT_GONE if gone else Sighting.ABSENT)


BLOG = {"path": "html>body>ol>li", "tags": {"article": 1, "footer": 1, "p": 2, "a": 3}}
TABLES = {"path": "html>body>div>table", "tags": {"tbody": 1, "tr": 3, "td": 6, "a": 2}}
MOVED = {"path": "html>body>main>ol>li", "tags": {"article": 1, "footer": 1, "p": 3, "a": 3}}


@pytest.mark.parametrize(
    ("now", "reader", "sighting"),
    [
        (BLOG, None, Sighting.ABSENT),
        (MOVED, None, Sighting.ABSENT),  # the same items in another frame
        (TABLES, None, None),
        (TABLES, "newer", Sighting.ABSENT),  # shapes of two readers are not compared
        ({}, None, Sighting.ABSENT),
    ],
)
def test_a_redesign_never_makes_an_absence(
    now: dict[str, object], reader: str | None, sighting: Sighting | None
) -> None:
    seen = seen_among(NAMES, "T").model_copy(update={"skeleton": BLOG})
    shaped = replace(wall(AROUND), skeleton=now, reader=reader)
    said = say(target(), [seen], shaped, None)
    assert said.sighting is sighting
    assert (another_shape([seen], shaped) is None) is (sighting is Sighting.ABSENT)


@pytest.mark.parametrize(
    ("text", "author", "sighting"),
    [
        (STRANGE, None, Sighting.TOMBSTONE),
        (STRANGE, "T", Sighting.EDITED),
        (f"T {words('T')}", None, Sighting.PRESENT),  # the name was read with the words
        (f"1 more: {words('T')}", None, Sighting.EDITED),  # its words are still there
    ],
)
def test_an_item_of_its_own_without_a_name_is_a_stone_only_without_its_words(
    text: str, author: str | None, sighting: Sighting
) -> None:
    now = with_post(post("T", text, author=author), 3)
    assert say(target(), [seen_among(NAMES, "T")], now, None).sighting is sighting


SAID = "This comment was removed by a moderator."


@pytest.mark.parametrize(
    ("now", "actor"),
    [
        (post("T", SAID), Actor.UNKNOWN),  # made like anybody's: its author may have written it
        (post("T", SAID, author="Anonymous"), Actor.UNKNOWN),
        (post("T", SAID, author=None), Actor.MODERATOR),
        (post("T", SAID, author="[deleted]"), Actor.MODERATOR),
        (post("T", SAID, struck=True), Actor.MODERATOR),  # the site's own mark-up says so too
    ],
)
def test_words_alone_name_no_actor(now: Post, actor: Actor) -> None:
    said = say(target(), [seen_among(NAMES, "T")], with_post(now, 3), None)
    assert (said.sighting, said.actor) == (Sighting.TOMBSTONE, actor)
