"""Learns how soon posts vanish from what the looks at a wall's posts found. Pure.

What looks tell is interval-censored: a post vanished somewhere in (last seen, first missing], or
had not vanished when it was last seen. The rates are estimated by expectation and maximisation, the
self-consistent way of Turnbull (JRSS B 38, 1976) with rates that are constant within classes of age
(Friedman, Annals of Statistics 10, 1982). The prior comes in as a Gamma distribution, that is as
pseudo-counts of deletions and of time under observation; how much it is worth is decided by the
observations (empirical Bayes: Robbins 1956, Morris 1983).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log
from operator import mul

from archiver.checker.hazard import (
    EDGES,
    HORIZON,
    PARTS,
    Hazard,
    Lifespan,
    Segment,
    segments,
)

WORTH = (4.0, 16.0, 64.0, 256.0, 1024.0)
"""Deletions that the prior may be worth. The one is taken under which the observations are the
likeliest (empirical Bayes): a wall like all others keeps the prior, a different one leaves it."""
PRIOR_A_PART = 2.0
"""Deletions that a factor of 1 for one part of the day is worth."""
DAILY_DIFFERS = 24.7
"""Chi-square with eleven degrees of freedom that chance exceeds once in a hundred: below it the
time of day is left out."""
ROUNDS = 25
LEAST = 1e-12


def learn(observed: Sequence[Lifespan], prior: Hazard) -> Hazard:
    """The hazard after these observations. Without any deletion it is the prior.

    A prior of the right shape may have the wrong height (most posts of one wall vanish, hardly any
    of another): it is scaled first to the number of deletions observed.
    """
    spans = [span for span in observed if span.seen > 0 or span.missing is not None]
    deletions = sum(span.missing is not None for span in spans)
    if not deletions:
        return prior
    height = _height(spans, prior, deletions)
    scaled = Hazard(tuple(rate * height for rate in prior.rates), prior.daily)
    evidence = _Evidence(spans)
    fits = [_fit(evidence, scaled, worth) for worth in WORTH]
    best = max(fits, key=lambda fit: fit.likelihood)
    daily = _daily(best, scaled)
    if daily != scaled.daily:
        best = _fit(evidence, Hazard(scaled.rates, daily), best.worth)
    return Hazard(best.rates, daily, prior.deletions + deletions)


Table = list[list[float]]
"""A number for each class of age and part of the day."""


class _Evidence:
    """Time under observation that is certain, and for each deletion where it may have been."""

    def __init__(self, spans: Sequence[Lifespan]) -> None:
        self.certain: Table = [[0.0] * PARTS for _ in range(len(EDGES) - 1)]
        self.doubtful: list[list[Segment]] = []
        for span in spans:
            for piece in segments(0.0, min(span.seen, HORIZON), span.phase):
                self.certain[piece.age][piece.part] += piece.length
            if span.missing is not None and span.seen < HORIZON:
                end = min(max(span.missing, span.seen + 1.0), HORIZON)
                self.doubtful.append(list(segments(span.seen, end, span.phase)))


@dataclass(frozen=True)
class _Fit:
    """Rates under a prior worth so many deletions, with the expected deletions and times that
    they rest on. `likelihood`: the logarithm, up to a constant."""

    worth: float
    rates: tuple[float, ...]
    events: Table
    time: Table
    likelihood: float


def _fit(evidence: _Evidence, prior: Hazard, worth: float) -> _Fit:
    pseudo = [worth * weight for weight in _event_weights(prior)]
    pseudo_time = [
        count / max(rate, LEAST) for count, rate in zip(pseudo, prior.rates, strict=True)
    ]
    rates = list(prior.rates)
    for _ in range(ROUNDS):
        events, time = _expect(evidence, rates, prior.daily)
        counts = [sum(row) for row in events]
        under = [sum(map(mul, prior.daily, row)) for row in time]
        rates = [
            (told + count) / (long + spent)
            for told, count, long, spent in zip(pseudo, counts, pseudo_time, under, strict=True)
        ]
    # Poisson counts whose rates have a Gamma prior, the rates integrated out.
    likelihood = sum(
        lgamma(told + count) - lgamma(told) + told * log(long) - (told + count) * log(long + spent)
        for told, count, long, spent in zip(pseudo, counts, pseudo_time, under, strict=True)
    )
    return _Fit(worth, tuple(rates), events, time, likelihood)


def _daily(fit: _Fit, prior: Hazard) -> tuple[float, ...]:
    """The factors of the parts of the day, if they differ by more than chance."""
    expected = [
        sum(rate * row[part] for rate, row in zip(fit.rates, fit.time, strict=True))
        for part in range(PARTS)
    ]
    seen = [sum(row[part] for row in fit.events) for part in range(PARTS)]
    even = [
        count * sum(seen) / max(sum(expected), LEAST) * factor
        for count, factor in zip(expected, prior.daily, strict=True)
    ]
    differs = sum(
        (found - awaited) ** 2 / max(awaited, LEAST)
        for found, awaited in zip(seen, even, strict=True)
    )
    if differs < DAILY_DIFFERS:
        return prior.daily
    factors = [
        (PRIOR_A_PART * factor + found) / (PRIOR_A_PART + awaited / max(factor, LEAST))
        for factor, found, awaited in zip(prior.daily, seen, even, strict=True)
    ]
    mean = sum(factors) / PARTS
    return tuple(factor / mean for factor in factors)


def _event_weights(hazard: Hazard) -> list[float]:
    """How a deletion falls into the classes of age."""
    even = Hazard(hazard.rates)
    shares = even.shares(EDGES, 0.0)
    return [share / sum(shares) for share in shares]


def _height(spans: Sequence[Lifespan], prior: Hazard, deletions: int) -> float:
    """By how much more is deleted than the prior says; one more deletion on either side keeps it
    near 1 while little is known."""
    expected = sum(_risk(prior, span) for span in spans)
    return (deletions + 1.0) / (expected + 1.0)


def _risk(hazard: Hazard, span: Lifespan) -> float:
    until = span.seen if span.missing is None else (span.seen + span.missing) / 2
    return sum(
        hazard.rates[s.age] * hazard.daily[s.part] * s.length
        for s in segments(0.0, min(until, HORIZON), span.phase)
    )


def _expect(
    evidence: _Evidence, rates: Sequence[float], daily: Sequence[float]
) -> tuple[Table, Table]:
    """Expected deletions and time under observation, if the present estimate were right."""
    events: Table = [[0.0] * PARTS for _ in rates]
    time = [list(row) for row in evidence.certain]
    for pieces in evidence.doubtful:
        alive, chances = 1.0, []
        for piece in pieces:
            after = alive * exp(-max(rates[piece.age] * daily[piece.part], LEAST) * piece.length)
            chances.append(alive - after)
            alive = after
        total = max(sum(chances), LEAST)
        later = 1.0
        for piece, chance in zip(pieces, chances, strict=True):
            share = chance / total
            later -= share
            events[piece.age][piece.part] += share
            time[piece.age][piece.part] += piece.length * (max(later, 0.0) + share / 2)
    return events, time
