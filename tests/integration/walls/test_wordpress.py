"""The WordPress wall behaves as a brand's wall: what a moderator does is what visitors see."""

from itertools import chain

import httpx
import pytest

from tests.integration.walls.reading import ids_on, pages_of
from tests.walls.wordpress import Action, WordPress, WordPressError


def test_article_carries_its_comments_over_four_pages(fresh_wordpress: WordPress) -> None:
    pages = pages_of(fresh_wordpress.post_url)
    comments = fresh_wordpress.comments()

    assert [len(page) for page in pages] == [12, 12, 11, 8]
    assert sorted(chain.from_iterable(pages)) == [comment.id for comment in comments]


def test_comments_are_many_bilingual_threaded_and_spread_over_weeks(
    fresh_wordpress: WordPress,
) -> None:
    comments = fresh_wordpress.comments()
    words = " ".join(comment.text for comment in comments)
    by_time = sorted(comments, key=lambda comment: comment.at)

    assert len(comments) >= 36
    assert len({comment.author for comment in comments}) >= 30
    assert len({comment.text for comment in comments}) == len(comments)
    assert "remboursement" in words
    assert "customer service" in words
    assert sum(comment.parent > 0 for comment in comments) >= 3
    assert (by_time[-1].at - by_time[0].at).days >= 30


# What the moderator does, one after the other, and whether the public then sees the comment.
FATES: list[tuple[list[Action], bool]] = [
    (["hold"], False),
    (["spam"], False),
    (["trash"], False),
    (["delete"], False),
    (["hold", "approve"], True),
    (["spam", "approve"], True),
    (["trash", "untrash"], True),
]


@pytest.mark.parametrize(("actions", "public"), FATES)
def test_moderation_changes_the_public_page(
    fresh_wordpress: WordPress, actions: list[Action], public: bool
) -> None:
    target, *siblings = [c.id for c in fresh_wordpress.comments() if c.parent == 0][1:6]

    for action in actions:
        fresh_wordpress.moderate(target, action)
    shown = ids_on(fresh_wordpress.post_url)

    assert (target in shown) is public
    assert set(shown) >= {number for number in siblings if number != target}


def test_moderator_edits_a_comment_in_place(fresh_wordpress: WordPress) -> None:
    target = fresh_wordpress.comments()[1]
    fresh_wordpress.moderate(target.id, "edit", "Tout va bien, merci.")

    page = httpx.get(fresh_wordpress.post_url).text
    assert "Tout va bien, merci." in page
    assert target.text[:30] not in page
    assert target.id in ids_on(fresh_wordpress.post_url)


def test_unknown_comment_cannot_be_moderated(fresh_wordpress: WordPress) -> None:
    with pytest.raises(WordPressError, match="no comment 999999"):
        fresh_wordpress.moderate(999_999, "trash")


def test_new_comments_push_an_older_one_to_the_next_page(fresh_wordpress: WordPress) -> None:
    fresh_wordpress.set_order("newest_first")
    complaint = fresh_wordpress.add_comment("Lucie Ferrand", "Semelle trouée après huit mois.")
    assert ids_on(fresh_wordpress.post_url)[0] == complaint

    newer = [fresh_wordpress.add_comment(f"Visiteur {n}", f"Avis numéro {n}.") for n in range(10)]

    # WordPress fills pages from the oldest on: the newest page holds the remainder, 49 mod 10.
    assert ids_on(fresh_wordpress.post_url)[::-1] == newer[1:]
    moved_to = fresh_wordpress.permalink(complaint)
    assert complaint in ids_on(moved_to)


def test_reply_is_shown_with_its_parent(fresh_wordpress: WordPress) -> None:
    parent = fresh_wordpress.comments()[0].id
    reply = fresh_wordpress.add_comment("Acme", "Merci Hélène !", parent=parent)

    assert ids_on(fresh_wordpress.post_url)[:2] == [parent, reply]


@pytest.mark.parametrize(
    ("order", "first", "last"),
    [
        ("oldest_first", 0, 9),  # page 1 of 4, ascending
        ("newest_last", 30, 37),  # opened on the last page, still ascending
        ("newest_first", 37, 30),  # opened on the newest, descending
    ],
)
def test_order_is_chosen(fresh_wordpress: WordPress, order: str, first: int, last: int) -> None:
    top = [comment.id for comment in fresh_wordpress.comments() if comment.parent == 0]
    fresh_wordpress.set_order(order)  # type: ignore[arg-type]  # a table row is a plain str

    shown = [number for number in ids_on(fresh_wordpress.post_url) if number in top]
    assert (shown[0], shown[-1]) == (top[first], top[last])


def test_page_size_and_plain_addresses_are_options(fresh_wordpress: WordPress) -> None:
    fresh_wordpress.set_option("comments_per_page", 5)
    fresh_wordpress.set_option("permalink_structure", "")
    top = {comment.id for comment in fresh_wordpress.comments() if comment.parent == 0}

    assert "?p=" in fresh_wordpress.post_url
    assert len(top & set(ids_on(f"{fresh_wordpress.post_url}&cpage=2"))) == 5


def test_author_still_sees_the_comment_that_is_held(fresh_wordpress: WordPress) -> None:
    held = fresh_wordpress.add_comment("Lucie Ferrand", "Semelle trouée après huit mois.")
    cookies = fresh_wordpress.author_cookies(held)
    fresh_wordpress.moderate(held, "hold")

    assert held not in ids_on(fresh_wordpress.permalink(held))
    assert held in ids_on(fresh_wordpress.permalink(held), cookies)


def test_article_itself_can_be_binned(fresh_wordpress: WordPress) -> None:
    address = fresh_wordpress.post_url
    fresh_wordpress.article_status("trash")

    assert httpx.get(address, follow_redirects=True).status_code == 404
    assert httpx.get(fresh_wordpress.url + "/").status_code == 200


def test_stopped_database_gives_the_error_page_with_500(fresh_wordpress: WordPress) -> None:
    address = fresh_wordpress.post_url
    fresh_wordpress.stop_database()
    broken = httpx.get(address)
    fresh_wordpress.start_database()

    assert broken.status_code == 500
    assert "database connection" in broken.text
    assert httpx.get(address).status_code == 200


def test_stopped_server_refuses_connections_and_comes_back(fresh_wordpress: WordPress) -> None:
    address = fresh_wordpress.post_url
    fresh_wordpress.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)
    fresh_wordpress.start()

    assert httpx.get(address).status_code == 200


def test_restore_undoes_what_a_test_did(fresh_wordpress: WordPress) -> None:
    before = fresh_wordpress.comments()
    added = fresh_wordpress.add_comment("Passant", "Je passe.")
    fresh_wordpress.moderate(before[0].id, "delete")
    fresh_wordpress.set_option("comments_per_page", 3)
    fresh_wordpress.article_status("draft")

    fresh_wordpress.restore()

    assert fresh_wordpress.comments() == before
    assert len(ids_on(fresh_wordpress.post_url)) == 12
    assert fresh_wordpress.add_comment("Passant", "Je repasse.") > added


def test_nothing_is_left_running_or_lying_about(fresh_wordpress: WordPress) -> None:
    with WordPress() as second:
        folder, address = second.folder, second.url
        assert httpx.get(second.post_url).status_code == 200
        assert address != fresh_wordpress.url

    assert not folder.exists()
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)
