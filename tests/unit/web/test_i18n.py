"""Every message has a French text with the same placeholders, and the language is well chosen."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from api.web import i18n
from archiver.checker import budget, schedule
from archiver.checker.rules import rule_table
from archiver.config import Settings
from archiver.evidence.exhibit import library
from archiver.readiness import make_warnings, sandbox_warning
from archiver.services import calendars, clock_watch, fsck, health
from archiver.store.repository import walls

STOPPED_BY_FAULT = "the last visit failed"
EVERY_WARNING = Settings(no_sandbox=True)
AS_ROOT = "Chromium runs without its sandbox, because Rature runs as root"
WEB = Path(i18n.__file__).parent
METHODS = [("templates/**.html", "jinja2.ext.babel_extract"), ("**.py", "python")]
PLACEHOLDER = re.compile(r"%\(\w+\)s")
KEYWORDS = {"translate": (2,), "_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}


def served_messages() -> set[str]:
    """Sentences that come from below and are shown on pages."""
    planned = {
        getattr(module, name)
        for module in (schedule, budget)
        for name in dir(module)
        if name.startswith("IS_")
    }
    asked = {walls.ASKED, walls.FIRST_LOOK, walls.SECOND_WITNESS, "stopped", STOPPED_BY_FAULT}
    reasons = planned | asked
    sandboxes = {sandbox_warning(Settings(no_sandbox=True)), AS_ROOT}
    warnings = {*make_warnings(EVERY_WARNING), calendars.WARNING, clock_watch.WARNING, fsck.WARNING}
    warnings |= {library.WARNING, health.WARNING}
    return {row.comment for row in rule_table()} | reasons | sandboxes | warnings


def messages() -> set[str]:
    found = served_messages()
    for row in extract_from_dir(
        str(WEB), method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS
    ):
        found.add(row[2][0] if isinstance(row[2], tuple) else row[2])
    return found


def catalogue() -> dict[str, list[str]]:
    with (WEB / "locale" / "fr.po").open("rb") as source:
        parsed = read_po(source, locale="fr")
    return {
        (m.id[0] if isinstance(m.id, tuple) else m.id): (
            list(m.string) if isinstance(m.string, tuple) else [m.string]
        )
        for m in parsed
        if m.id
    }


def test_every_message_is_translated_and_none_is_left_over() -> None:
    assert len(messages()) > 100
    assert messages() - catalogue().keys() == set()
    assert catalogue().keys() - messages() == set()


def test_translations_keep_the_placeholders() -> None:
    for message, texts in catalogue().items():
        for text in texts:
            assert text, message
            if len(texts) == 1:
                assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(message))


@pytest.mark.parametrize(
    ("accept", "chosen", "expected"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", None, "fr"),  # the browser's first choice
        ("en;q=0.5, fr;q=0.7", None, "fr"),  # weights, not order
        ("de-DE,de;q=0.9", None, "en"),  # neither language: English
        ("fr;q=0, en", None, "en"),  # explicitly not French
        ("fr;q=wrong, en;q=0.1", None, "en"),  # a weight that is no number counts for nothing
        ("fr", "en", "en"),  # the person's choice wins
        ("fr", "xx", "fr"),  # an unknown choice is ignored
        (None, None, "en"),  # no header at all
    ],
)
def test_language_is_chosen(accept: str | None, chosen: str | None, expected: str) -> None:
    assert i18n.choose(accept, chosen).locale == expected


def test_french_plural_has_its_own_rule() -> None:
    french = i18n.language("fr")
    one, many = "The last look could not tell: ", "The last %(count)s looks could not tell: "
    assert french.ngettext(one, many, 0) == french.ngettext(one, many, 1)
    assert french.ngettext(one, many, 2) != french.ngettext(one, many, 1)
