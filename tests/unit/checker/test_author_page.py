"""Whether an account is gone: no error and no log-in ever says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.checker.author_page import AuthorIs, conclude
from archiver.checker.trio import Asked
from archiver.domain.observation import Answer

SERVED, GONE, UNCLEAR = (Asked(answer) for answer in Answer)
NOT_FOUND = Asked(
    Answer.UNCLEAR, soft=True, title="t", words=9, said=frozenset({"nobody", "here"}), stayed=True
)
NAMELESS = Asked(
    Answer.UNCLEAR, soft=True, title="t", words=9, said=frozenset({"photos"}), stayed=True
)
AWAY = Asked(Answer.UNCLEAR, soft=True, title="t", words=9, said=frozenset({"welcome"}))


@pytest.mark.parametrize(
    ("own", "other", "nothing", "elsewhere", "says"),
    [
        (GONE, SERVED, None, False, AuthorIs.GONE),
        (GONE, NAMELESS, None, False, AuthorIs.GONE),
        (GONE, GONE, None, False, AuthorIs.UNCLEAR),  # nobody's page is served any more
        (GONE, UNCLEAR, None, True, AuthorIs.UNCLEAR),  # a neighbour that fails is no neighbour
        (GONE, AWAY, None, False, AuthorIs.UNCLEAR),  # every one leads to the front page
        (GONE, None, None, False, AuthorIs.UNCLEAR),  # nobody to compare with
        (GONE, None, None, True, AuthorIs.GONE),  # but other walls, from which all vanished
        (SERVED, SERVED, None, True, AuthorIs.THERE),
        (UNCLEAR, SERVED, None, True, AuthorIs.UNCLEAR),  # an error, a log-in, a captcha
        (UNCLEAR, None, None, True, AuthorIs.UNCLEAR),
        (NOT_FOUND, SERVED, NOT_FOUND, False, AuthorIs.GONE),
        (NOT_FOUND, SERVED, GONE, False, AuthorIs.UNCLEAR),
        (NOT_FOUND, GONE, NOT_FOUND, True, AuthorIs.UNCLEAR),
        (NOT_FOUND, SERVED, UNCLEAR, False, AuthorIs.UNCLEAR),
        (NAMELESS, NAMELESS, NAMELESS, False, AuthorIs.UNCLEAR),  # all alike: a log-in, perhaps
    ],
)
def test_what_three_pages_say(
    own: Asked, other: Asked | None, nothing: Asked | None, elsewhere: bool, says: AuthorIs
) -> None:
    assert conclude(own, other, nothing, elsewhere=elsewhere) is says


PLAIN = st.builds(Asked, answer=st.sampled_from(Answer))
SOFTLY = st.builds(
    Asked,
    answer=st.just(Answer.UNCLEAR),
    soft=st.just(True),
    title=st.sampled_from(["a", "b"]),
    words=st.integers(0, 30),
    said=st.frozensets(st.sampled_from(["x", "y", "z"])),
    stayed=st.booleans(),
)
PAGES = PLAIN | SOFTLY


@given(own=PAGES, other=st.none() | PAGES, nothing=st.none() | PAGES, elsewhere=st.booleans())
def test_an_account_is_gone_only_by_its_own_page_beside_something_that_lives(
    own: Asked, other: Asked | None, nothing: Asked | None, elsewhere: bool
) -> None:
    says = conclude(own, other, nothing, elsewhere=elsewhere)
    if says is not AuthorIs.GONE:
        return
    plainly = own.answer is Answer.GONE
    assert plainly or (own.soft and nothing is not None and bool(nothing.said))
    assert (other is None and elsewhere and plainly) or (
        other is not None and other.answer is not Answer.GONE
    )


@given(own=PAGES, other=st.none() | PAGES, nothing=st.none() | PAGES)
def test_what_is_known_of_other_walls_never_makes_an_account_live(
    own: Asked, other: Asked | None, nothing: Asked | None
) -> None:
    here = conclude(own, other, nothing, elsewhere=False)
    both = conclude(own, other, nothing, elsewhere=True)
    assert both is here or both is AuthorIs.GONE
