"""When a plain request may do instead of a browser, and what it has to find. Pure.

Such a request runs no script and knows no style sheet, so it may only confirm: the post stands in
the server's own HTML, in the very form (`archiver.checker.source`) in which the last two browser
looks found it while a person could see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archiver.checker.source import Form
from archiver.checker.wall import MAX_SIBLING_TEXT
from archiver.domain.look import DEFAULT_VANTAGE
from archiver.domain.observation import (
    Observation,
    Sibling,
    Sighting,
    Validity,
    VantageClass,
)

FIRST_HOURS = timedelta(hours=6)
"""So long every look is a browser's: about half of what vanishes does so by then, and only a
browser sees a post that a changed style sheet or script conceals."""
MOST_IN_A_ROW = 3
LONGEST_WITHOUT = timedelta(days=3)
NEIGHBOURS = 4
"""How many on each side are looked for as well."""


@dataclass(frozen=True)
class Proof:
    """What a plain request has to find: the page's final address, the post in its form."""

    landing: str
    seen: Sibling
    form: Form
    before: tuple[Sibling, ...]
    after: tuple[Sibling, ...]


def proof_of(records: Sequence[Observation], now: datetime) -> Proof | None:
    """What earlier looks, oldest first, allow a plain request to confirm; None: a browser has to
    look."""
    public = [look for look in records if look.vantage.class_ is VantageClass.PUBLIC]
    browser = [look for look in public if look.via == "browser" and _is_direct(look)]
    if len(browser) < 2 or now - public[0].at < FIRST_HOURS:  # noqa: PLR2004 - two looks agree
        return None
    earlier, last = browser[-2:]
    since = [look for look in public if look.at >= last.at]
    enough = len(since) - 1 >= MOST_IN_A_ROW or now - last.at >= LONGEST_WITHOUT
    if enough or not all(_is_there(look) for look in (earlier, *since)):
        return None
    form, landing = _form(last), (last.skeleton or {}).get("landing")
    if form is None or form != _form(earlier) or last.seen is None or not landing:
        return None
    if len(last.seen.text) >= MAX_SIBLING_TEXT:
        return None  # its end was not kept
    place = last.seen.position
    others = sorted(last.siblings, key=lambda one: one.position)
    return Proof(
        landing=str(landing),
        seen=last.seen,
        form=form,
        before=tuple(one for one in others if one.position < place)[-NEIGHBOURS:],
        after=tuple(one for one in others if one.position > place)[:NEIGHBOURS],
    )


def _is_direct(look: Observation) -> bool:
    return look.vantage.id == DEFAULT_VANTAGE


def _is_there(look: Observation) -> bool:
    return look.validity is Validity.VALID and look.sighting is Sighting.PRESENT


def _form(look: Observation) -> Form | None:
    said = look.source or {}
    try:
        return Form(item=said["item"], page=said["page"], by=said["by"])
    except KeyError:
        return None
