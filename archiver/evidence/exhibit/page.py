"""The exhibit as HTML, from its facts and the words of its language."""

from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archiver.evidence.exhibit.facts import ExhibitFacts
from archiver.evidence.exhibit.pictures import Printed

SCHEME = "rature"
TEMPLATES = Path(__file__).parent / "templates"


def build_page(
    facts: ExhibitFacts, salt: bytes, certificate: x509.Certificate, pictures: Sequence[Printed]
) -> str:
    """The whole document. Every value is escaped; none stands in a style or an address."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("exhibit.html")
    return template.render(facts=facts, salt=salt.hex(), pictures=pictures, certificate=certificate)
