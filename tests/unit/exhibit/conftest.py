import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdf
import pytest

from archiver.evidence.authority import LocalAuthority
from archiver.evidence.exhibit import ExhibitSigner, make_exhibit
from tests.unit.exhibit import story


@dataclass(frozen=True)
class Made:
    """An exhibit and what a reader sees of it, page by page, white space folded."""

    pdf: bytes
    pages: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.pages)


@pytest.fixture(scope="session")
def stamps(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    return story.authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory, stamps: LocalAuthority) -> ExhibitSigner:
    folder: Path = tmp_path_factory.mktemp("keys")
    return story.signer(folder, stamps)


def read(pdf: bytes) -> Made:
    # where one font of a page has a long name for a sign, pypdf gives all of it as UTF-16
    texts = [
        page.extract_text().replace("\0", "") for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
    ]
    return Made(pdf, tuple(" ".join(text.split()) for text in texts))


@pytest.fixture(scope="session")
def make(signer: ExhibitSigner) -> Callable[..., Made]:
    def made(**changes: Any) -> Made:
        return read(make_exhibit(story.facts(**changes), story.SALT, signer))

    return made


@pytest.fixture(scope="session")
def english(make: Callable[..., Made]) -> Made:
    return make()


@pytest.fixture(scope="session")
def french(make: Callable[..., Made]) -> Made:
    return make(lang="fr")
