"""How soon posts vanish is learned from windows and from posts that stayed."""

import random
from dataclasses import fields
from math import exp

import pytest

from archiver.checker.hazard import (
    DAY,
    EDGES,
    HORIZON,
    HOUR,
    MINUTE,
    Hazard,
    Lifespan,
    published,
    published_share,
    segments,
)
from archiver.checker.hazard_learning import learn


@pytest.mark.parametrize(
    ("age", "share"),
    [(0, 0), (8 * MINUTE, 0.05), (30 * MINUTE, 0.33), (HOUR, 0.45), (DAY, 0.9), (HORIZON, 1)],
)
def test_the_prior_has_the_published_shares(age: float, share: float) -> None:
    assert published_share(age) == pytest.approx(share)
    total = sum(published().shares([0.0, HORIZON], 0.0))
    assert sum(published().shares([0.0, age], 0.0)) / total == pytest.approx(share, abs=0.005)


def test_segments_cut_at_edges_of_classes_and_of_the_day() -> None:
    pieces = list(segments(0.0, 3 * DAY, 7 * HOUR + 0.1))
    assert sum(piece.length for piece in pieces) == pytest.approx(3 * DAY)
    assert {piece.part for piece in pieces} == set(range(12))
    assert {piece.age for piece in pieces} == {i for i, edge in enumerate(EDGES) if edge < 3 * DAY}
    by_part = sum(piece.length for piece in pieces if piece.part == 5)
    assert by_part == pytest.approx(3 * 2 * HOUR)


def test_without_a_deletion_the_prior_stands() -> None:
    assert learn([Lifespan(0.0, 5 * DAY)] * 50, published()) == published()


def test_where_nothing_is_censored_the_estimate_is_deletions_by_time() -> None:
    # Windows of a second, and a prior that the observations outweigh by far.
    chance = random.Random(1)
    rate = 1 / (5 * HOUR)
    ages = [chance.expovariate(rate) for _ in range(4000)]
    spans = [Lifespan(0.0, age, age + 1.0) if age < HORIZON else Lifespan(0.0, age) for age in ages]
    flat = Hazard((rate,) * (len(EDGES) - 1))
    found = learn(spans, flat)
    shares = found.shares([0.0, HOUR, 5 * HOUR, DAY], 0.0)
    expected = [1 - exp(-0.2), exp(-0.2) - exp(-1), exp(-1) - exp(-4.8)]
    assert shares == pytest.approx(expected, abs=0.02)


def test_a_wall_that_deletes_early_is_learned_from_coarse_windows() -> None:
    spans = [Lifespan(0.0, 2 * MINUTE, 11 * MINUTE) for _ in range(30)]
    learned = learn(spans, published())
    early, late = learned.shares([0.0, 12 * MINUTE, HORIZON], 0.0)
    assert early / (early + late) > 0.8
    assert learned.deletions == 30


def test_posts_that_stayed_count_as_well() -> None:
    gone = [Lifespan(0.0, HOUR, 2 * HOUR)] * 10
    many = learn(gone + [Lifespan(0.0, 20 * DAY)] * 200, published())
    few = learn(gone, published())
    assert sum(many.shares([0.0, HORIZON], 0.0)) < 0.5 * sum(few.shares([0.0, HORIZON], 0.0))


def test_the_hours_of_the_moderators_are_learned() -> None:
    chance = random.Random(2)
    spans = []
    for _ in range(60):
        phase = chance.random() * DAY
        age = (3 * HOUR - phase) % DAY  # deleted at three at night
        spans.append(Lifespan(phase, max(age - HOUR, 0.0), age + HOUR))
    learned = learn(spans, published())
    assert learned.daily[1] == max(learned.daily)
    assert learned.daily[1] > 3 * learned.daily[7]
    assert not learned.is_even
    assert sum(learned.daily) == pytest.approx(12)


def test_chance_alone_makes_no_hours_and_leaves_the_prior_as_it_is() -> None:
    chance = random.Random(3)
    spans = []
    for _ in range(40):
        share = chance.random()
        age = next(edge for edge in EDGES[1:] if published_share(edge) >= share)
        spans.append(Lifespan(chance.random() * DAY, age * 0.7, age))
    learned = learn(spans, published())
    assert learned.is_even
    ages = [0.0, 30 * MINUTE, DAY, HORIZON]
    before, after = published().shares(ages, 0.0), learned.shares(ages, 0.0)
    for old, new in zip(before, after, strict=True):
        assert new / sum(after) == pytest.approx(old / sum(before), abs=0.12)


def test_the_same_history_gives_the_same_hazard_in_any_order() -> None:
    chance = random.Random(4)
    spans = [Lifespan(chance.random() * DAY, 600.0 * n, 700.0 * n) for n in range(1, 40)]
    forth, back = learn(spans, published()), learn(spans[::-1], published())
    assert forth.rates == pytest.approx(back.rates)
    assert learn(spans, published()) == forth


def test_a_post_is_its_ages_alone() -> None:
    # No text, author, case or complaint can make a difference: there is no place for one.
    assert [field.name for field in fields(Lifespan)] == ["phase", "seen", "missing"]
