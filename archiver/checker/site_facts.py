"""What an adapter's part in a reading says, for an observation and for people. Pure."""

from collections.abc import Iterable

from archiver.checker.reading import AdapterFacts, Reading

WHY = {
    "no_list": "the list was not where it used to be",
    "no_items": "no post was where posts used to be",
    "no_id": "the posts' ids were not where they used to be",
    "no_author": "the authors were not where they used to be",
    "no_text": "the texts were not where they used to be",
    "no_markup_time": "the times were not where they used to be",
    "no_shown_time": "the times were not where they used to be",
    "no_permalink": "the posts' addresses were not where they used to be",
    "fewer_items": "it found fewer posts than are there",
}
"""Why an adapter stepped aside, in words."""


def site_facts(reading: Reading) -> list[str]:
    """`site.NAME` when its adapter read the page, `!site.NAME` when it stepped aside."""
    adapter = reading.page.adapter
    return [] if adapter is None else [f"{'' if adapter.used else '!'}site.{adapter.name}"]


def aside(readings: Iterable[Reading]) -> list[str]:
    """A sentence for each adapter that stepped aside where there are posts; none twice."""
    told = [reading.page.adapter for reading in readings if reading.posts]
    return list(dict.fromkeys(_sentence(one) for one in told if one is not None and not one.used))


def _sentence(adapter: AdapterFacts) -> str:
    why = WHY.get(adapter.why or "", "it did not fit")
    return f"Read without what is known of this site ({adapter.name}): {why}."
