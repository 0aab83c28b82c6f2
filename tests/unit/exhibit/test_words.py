import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from archiver.domain.capture import Grade
from archiver.domain.observation import Actor, NoticeKind, Reason, Sighting, VantageClass
from archiver.domain.verdict import Level, State
from archiver.evidence.exhibit.facts import PRACTICE
from archiver.evidence.exhibit.page import SECTIONS
from archiver.evidence.exhibit.words import Words, french, words_of

ENGLISH, FRENCH = words_of("en"), words_of("fr")


def sentences(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, str):
        yield path, tree
    elif isinstance(tree, list):
        for number, item in enumerate(tree):
            yield from sentences(item, f"{path}.{number}")
    else:
        for name, item in tree.items():
            yield from sentences(item, f"{path}.{name}")


def test_both_languages_say_the_same_things() -> None:
    assert dict(sentences(ENGLISH.tree)).keys() == dict(sentences(FRENCH.tree)).keys()


def test_both_languages_fill_in_the_same_values() -> None:
    other = dict(sentences(FRENCH.tree))
    for path, text in sentences(ENGLISH.tree):
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", other[path])), path


@pytest.mark.parametrize("words", [ENGLISH, FRENCH], ids=["en", "fr"])
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("states", State), ("levels", Level), ("grades", Grade), ("actors", Actor),
        ("reasons", Reason), ("sightings", Sighting), ("notice_kinds", NoticeKind),
        ("vantages", VantageClass), ("practice.groups", PRACTICE),
        ("practice.fields", [name for names in PRACTICE.values() for name in names]),
    ],
)  # fmt: skip
def test_every_value_has_its_word(words: Words, path: str, names: Any) -> None:
    assert set(words.at(path)) == {str(name) for name in names}


@pytest.mark.parametrize("words", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_sections_are_referred_to_by_their_numbers(words: Words) -> None:
    numbers = {anchor: number for number, (anchor, _) in enumerate(SECTIONS, start=1)}
    expected = {
        "what.0": "verify", "masked": "pictures", "not_proven.items.6": "proof",
        "certification.paragraphs.4": "not-proven",
    }  # fmt: skip
    said = dict(sentences(words.tree))
    found = {
        path.removeprefix("."): int(number)
        for path, text in said.items()
        for number in re.findall(r"(?:section|partie) (\d+)", text)
    }
    assert found == {path: numbers[anchor] for path, anchor in expected.items()}


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Quoi ?", "Quoi\u202f?"),
        ("a ; b", "a\u202f; b"),
        ("« oui » :", "«\u00a0oui\u00a0»\u00a0:"),
        ("47 %", "47\u202f%"),
        ("n° 19/07686", "n°\u00a019/07686"),
        ("https://a.example", "https://a.example"),
    ],
)
def test_french_spaces_do_not_break(typed: str, set_: str) -> None:
    assert french(typed) == set_


def test_no_french_sentence_has_a_space_that_could_break() -> None:
    for path, text in sentences(FRENCH.tree):
        assert not re.search(r" [;:!?%»]|« ", text), path
        assert "'" not in text, path


def test_dates_are_written_out() -> None:
    moment = datetime(2026, 3, 1, 20, 12, 5, 999_999, tzinfo=UTC)
    assert ENGLISH.date(moment).replace("\u00a0", " ") == "1 March 2026, 20:12:05 UTC"
    assert FRENCH.date(moment).replace("\u00a0", " ") == "1er mars 2026 à 20:12:05 UTC"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "1 s"), (119, "119 s"), (121, "3 min"), (7300, "3 h"), (200_000, "3 d"), (-1, "0 s")],
)
def test_gaps_are_rounded_up(seconds: float, said: str) -> None:
    assert ENGLISH.duration(timedelta(seconds=seconds)) == said


def test_nobody_is_accused() -> None:
    for words in (ENGLISH, FRENCH):
        said = " ".join(text for _, text in sentences(words.tree)).lower()
        for accusation in ("brand deleted", "censor", "la marque a", "censur"):
            assert accusation not in said
