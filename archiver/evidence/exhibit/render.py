"""Lays an exhibit out as a PDF with WeasyPrint. Nothing is fetched but what is given in memory."""

import io
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import weasyprint  # type: ignore[import-untyped]
from cryptography import x509
from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]
from weasyprint.urls import (  # type: ignore[import-untyped]
    FatalURLFetchingError,
    URLFetcher,
    URLFetcherResponse,
)

from archiver.domain.errors import EvidenceError
from archiver.evidence.exhibit.facts import ExhibitFacts
from archiver.evidence.exhibit.page import SCHEME, build_page
from archiver.evidence.exhibit.pictures import cut

FONTS = ("Sans", "SansBold", "Mono")
FOLDER = Path(__file__).parent / "fonts"
VARIANT = "pdf/ua-1"
VERSION = b"1.7"


class Given(URLFetcher):  # type: ignore[misc]
    """Gives what is in memory under our own scheme and nothing else: no file, no network."""

    def __init__(self, given: Mapping[str, tuple[str, bytes]]) -> None:
        super().__init__(allowed_protocols=())
        self._given = dict(given)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002 - its form
        """What was given under that address.

        Raises:
            FatalURLFetchingError: nothing was: the template asks for what it should not.
        """
        try:
            media_type, data = self._given[url]
        except KeyError:
            raise FatalURLFetchingError(f"an exhibit fetches nothing: {url[:100]}") from None
        return URLFetcherResponse(url, data, {"Content-Type": media_type})


def render(facts: ExhibitFacts, salt: bytes, certificate: x509.Certificate) -> bytes:
    """The exhibit, not yet signed.

    Raises:
        InvalidPicture: a picture cannot be decoded.
    """
    pictures = [cut(item) for item in facts.pictures]
    given = {
        f"{SCHEME}:font/{name}": ("font/ttf", (FOLDER / f"{name}.ttf").read_bytes())
        for name in FONTS
    }
    for index, picture in enumerate(pictures):
        for part in picture.parts:
            given[f"{SCHEME}:picture/{index}/{part.number}"] = (part.media_type, part.data)
    return lay_out(build_page(facts, salt, certificate, pictures), given)


def lay_out(html: str, given: Mapping[str, tuple[str, bytes]]) -> bytes:
    """The page as a PDF with a plain table of its objects, which stock tools can read.

    Raises:
        EvidenceError: the page asks for something that was not given.
    """
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it tells of each unknown property
    source = weasyprint.HTML(string=html, base_url=f"{SCHEME}:/", url_fetcher=Given(given))
    try:
        document = source.render(font_config=FontConfiguration(), pdf_variant=VARIANT)
    except FatalURLFetchingError as error:  # not an Exception: it would end the whole thread
        raise EvidenceError(str(error)) from error
    pdf = io.BytesIO()
    document.write_pdf(
        io.BytesIO(),  # its own way of writing packs the objects into a compressed stream
        finisher=lambda _, made: made.write(pdf, VERSION, True, False),
        pdf_variant=VARIANT,
    )
    return pdf.getvalue()
