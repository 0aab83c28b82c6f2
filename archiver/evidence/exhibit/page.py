"""The exhibit as HTML, from its facts and the words of its language."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archiver.evidence.exhibit import rows
from archiver.evidence.exhibit.clean import paragraphs, visible
from archiver.evidence.exhibit.facts import ExhibitFacts
from archiver.evidence.exhibit.pictures import MM_PER_PIXEL, Printed
from archiver.evidence.exhibit.words import table_time, words_of

SCHEME = "rature"
TEMPLATES = Path(__file__).parent / "templates"
EXCERPT = 300
"""Characters of the post on the cover, and of an address beside a picture, which must not push the
picture off its page. Both stand in section 2 as a whole."""
SECTIONS = (
    ("conclusion", "conclusion"),
    ("post", "post.heading"),
    ("captures", "captures.heading"),
    ("looks", "looks.heading"),
    ("notices", "notices.heading"),
    ("timeline", "timeline.heading"),
    ("repeats", "repeats.heading"),
    ("pictures", "pictures.heading"),
    ("verify", "verify.heading"),
    ("proof", "proof.heading"),
    ("not-proven", "not_proven.heading"),
    ("practice", "practice.heading"),
    ("certification", "certification.heading"),
    ("constat", "constat.heading"),
)
"""Anchor and heading. The words refer to some of them by number."""


def build_page(
    facts: ExhibitFacts, salt: bytes, certificate: x509.Certificate, pictures: Sequence[Printed]
) -> str:
    """The whole document. Every value is escaped; none stands in a style or an address."""
    words = words_of(facts.lang)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.filters |= {
        "date": words.date,
        "time": table_time,
        "paragraphs": paragraphs,
        "short": _short,
    }
    given = {
        "facts": facts,
        "words": words,
        "salt": salt.hex(),
        "pictures": pictures,
        "conclusion": rows.conclusion(words, facts.verdict),
        "timeline": rows.timeline(words, facts),
        "practice": rows.practice(words, facts),
        "milestones": rows.milestones(words, facts),
        "main": _main_statement(facts),
        "signer": _common_name(certificate),
        "signer_sha256": certificate.fingerprint(hashes.SHA256()).hex(),
        "percent": _percent,
        "sections": SECTIONS,
        "excerpt": _short(facts.post.text),
        "practice_count": rows.practice_count(words, facts),
    }
    bound = (rows.window, rows.result, rows.vantage, rows.gap, rows.completeness, rows.qualified)
    given |= {item.__name__: partial(item, words) for item in bound}
    return environment.get_template("exhibit.html").render(given)


def _printable(value: object) -> object:
    """Cleans every value that a template prints."""
    return visible(value) if type(value) is str else value


def _short(text: str | None) -> str | None:
    if text is None or len(text) <= EXCERPT:
        return text
    return f"{text[:EXCERPT].rstrip()} […]"


def _main_statement(facts: ExhibitFacts) -> str:
    for item in facts.proof.records:
        if item.leaf == facts.proof.main:
            return item.statement_sha256
    return ""


def _common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def _percent(picture: Printed) -> int:
    return round(100 * picture.parts[0].width_mm / (picture.width * MM_PER_PIXEL))
