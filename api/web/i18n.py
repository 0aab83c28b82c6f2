"""English and French: catalogues, and the choice between them by the browser's language."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LOCALES = ("en", "fr")
CATALOGUES = Path(__file__).parent / "locale"
COOKIE = "rature_language"


@dataclass(frozen=True)
class Language:
    """A locale with its messages."""

    locale: str
    translations: Translations

    def gettext(self, message: str) -> str:
        """The message in this language; the English text itself when there is no other."""
        return self.translations.gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The message for `count` things."""
        return self.translations.ngettext(one, many, count)


@cache
def language(locale: str) -> Language:
    """Reads the catalogue of a locale; English needs none."""
    path = CATALOGUES / f"{locale}.po"
    if not path.exists():
        return Language(locale, Translations())
    with path.open("rb") as source:
        catalogue = read_po(source, locale=locale)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(locale, Translations(compiled))


def _preferences(accept_language: str) -> list[str]:
    """Primary subtags of an Accept-Language header, most wanted first (RFC 9110, 12.5.4)."""
    weighted: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept_language.split(",")):
        tag, _, parameters = part.strip().partition(";")
        quality = 1.0
        if parameters.strip().startswith("q="):
            try:
                quality = float(parameters.strip()[2:])
            except ValueError:
                quality = 0.0
        if tag and quality > 0:
            weighted.append((-quality, position, tag.strip().lower().split("-")[0]))
    return [tag for _, _, tag in sorted(weighted)]


def choose(accept_language: str | None, chosen: str | None) -> Language:
    """The language to answer in: what the person chose, else what the browser prefers."""
    if chosen in LOCALES:
        return language(chosen)
    for tag in _preferences(accept_language or ""):
        if tag in LOCALES:
            return language(tag)
    return language("en")
