"""The signature: checked by two verifiers that are not ours, and by ours on what was altered."""

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext

from archiver.domain.errors import ProofInvalid
from archiver.evidence.authority import LocalAuthority
from archiver.evidence.exhibit import ExhibitSigner, check_signature, signing
from archiver.evidence.exhibit.render import lay_out
from tests.unit.exhibit import story

PAGE = "<html lang=en><head><title>T</title></head><body><h1>Evidence</h1></body></html>"
RANGE = re.compile(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]")


@pytest.fixture(scope="module")
def plain() -> bytes:
    return lay_out(PAGE, {})


@pytest.fixture(scope="module")
def signed(plain: bytes, signer: ExhibitSigner) -> bytes:
    return signer.sign(plain)


def context(signer: ExhibitSigner, stamps: LocalAuthority) -> ValidationContext:
    """What a foreign verifier is given: the two roots, and no network."""
    known = signer._identity.root, stamps.root
    roots = [asn1_x509.Certificate.load(item.public_bytes(Encoding.DER)) for item in known]
    return ValidationContext(trust_roots=roots, moment=story.MADE, allow_fetching=False)


def ranges(pdf: bytes) -> list[tuple[int, int, int, int]]:
    return [tuple(map(int, found)) for found in RANGE.findall(pdf)]  # type: ignore[misc]


def contents(pdf: bytes, covered: tuple[int, int, int, int]) -> tuple[bytes, bytes]:
    """The DER in the gap of a byte range, and the bytes that it is over."""
    _, first, resume, second = covered
    raw = bytes.fromhex(pdf[first + 1 : resume - 1].decode())
    size = 4 + int.from_bytes(raw[2:4], "big")
    return raw[:size], pdf[:first] + pdf[resume : resume + second]


def test_it_is_accepted_with_and_without_roots(
    signed: bytes, signer: ExhibitSigner, stamps: LocalAuthority
) -> None:
    for roots in ((), (stamps.root,)):
        report = check_signature(signed, roots)
        assert report.signed_at == report.stamped_at == story.MADE
        assert report.signer == "CN=Rature exhibit\\, https://rature.example"
        assert "embedded time authority" in report.stamped_authority
        fingerprint = signer.certificate.fingerprint(hashes.SHA256()).hex()
        assert report.certificate_sha256 == fingerprint


def test_pyhanko_finds_it_valid(
    signed: bytes, signer: ExhibitSigner, stamps: LocalAuthority
) -> None:
    signature, timestamp = PdfFileReader(io.BytesIO(signed)).embedded_signatures
    first = validate_pdf_signature(signature, context(signer, stamps), context(signer, stamps))
    assert first.bottom_line
    assert first.intact
    assert first.trusted
    assert first.timestamp_validity is not None
    assert first.timestamp_validity.trusted
    second = validate_pdf_timestamp(timestamp, context(signer, stamps))
    assert second.intact
    assert second.trusted
    assert str(second.coverage.name) == "ENTIRE_FILE"


def test_it_has_the_parts_of_b_lta(
    signed: bytes, signer: ExhibitSigner, stamps: LocalAuthority
) -> None:
    reader = PdfFileReader(io.BytesIO(signed))
    signature, timestamp = reader.embedded_signatures
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert timestamp.sig_object["/Type"] == "/DocTimeStamp"
    unsigned = signature.signer_info["unsigned_attrs"]
    assert [item["type"].native for item in unsigned] == ["signature_time_stamp_token"]
    store = DocumentSecurityStore.read_dss(reader)
    embedded = {bytes(ref.get_object().data) for ref in store.certs.values()}
    own = (signer.certificate, signer._identity.root, stamps.root)
    assert {item.public_bytes(Encoding.DER) for item in own} < embedded
    assert len(embedded) == 4  # and the authority's


def test_openssl_finds_the_signature_valid(
    signed: bytes, signer: ExhibitSigner, stamps: LocalAuthority, tmp_path: Path
) -> None:
    first, last = ranges(signed)
    signature, over = contents(signed, first)
    token, stamped = contents(signed, last)
    root = signer._identity.root.public_bytes(Encoding.PEM)
    for name, data in {
        "signature": signature, "over": over, "token": token, "stamped": stamped,
        "root.pem": root, "tsa.pem": stamps.root_pem,
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(data)
    at = str(int(story.MADE.timestamp()))
    cms = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "over",
           "-CAfile", "root.pem", "-purpose", "any", "-attime", at, "-out", "seen"]  # fmt: skip
    ts = ["ts", "-verify", "-token_in", "-in", "token", "-data", "stamped", "-CAfile", "tsa.pem",
          "-attime", at]  # fmt: skip
    for command in (cms, ts):
        run = subprocess.run(["openssl", *command], cwd=tmp_path, capture_output=True, check=False)
        assert run.returncode == 0, run.stderr
    assert (tmp_path / "seen").read_bytes() == over


def test_another_root_is_refused(signed: bytes, tmp_path: Path) -> None:
    with pytest.raises(ProofInvalid, match=r"report\.pdf"):
        check_signature(signed, [story.authority(tmp_path).root])


def test_any_altered_byte_is_found(signed: bytes) -> None:
    """A sample over the file; all of what no signature covers: the last contents and their like."""
    gap = ranges(signed)[1]
    places = {
        *range(0, len(signed), 97),
        *range(gap[1] - 20, gap[1] + 400),
        *range(len(signed) - 60, len(signed)),
    }
    for place in sorted(places):
        broken = bytearray(signed)
        broken[place] ^= 1
        with pytest.raises(ProofInvalid):
            check_signature(bytes(broken))


def appended(signed: bytes) -> bytes:
    """An increment as any editor writes it: the first page shows something else."""
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Rotate"] = NumberObject(180)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def stamped_again(signed: bytes, signer: ExhibitSigner, stamps: LocalAuthority) -> bytes:
    """The forger changes what is shown after the signature, and stamps all of it anew."""
    end = ranges(signed)[0]
    once = io.BytesIO(signed[: end[2] + end[3]])
    writer = signing._Writer(once)
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Rotate"] = NumberObject(180)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    stamper = signing._Stamper(stamps.stamp)
    own = [signer.certificate, signer._identity.root, stamps.root]
    return signing._stamped(out, own, stamper)


def joined(signed: bytes, signer: ExhibitSigner, stamps: LocalAuthority) -> bytes:
    """The same in one revision: page and time stamp together."""
    end = ranges(signed)[0]
    once = io.BytesIO(signed[: end[2] + end[3]])
    writer = signing._Writer(once)
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Rotate"] = NumberObject(180)
    writer.update_container(page)
    stamper = signing._Stamper(stamps.stamp)
    store = [signer.certificate, signer._identity.root]
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=signing._converted(store),
    )
    made: io.BytesIO = signing.PdfTimeStamper(stamper, field_name="Timestamp").timestamp_pdf(
        writer, "sha256"
    )
    return made.getvalue()


ALTERATIONS: dict[str, Callable[[bytes, ExhibitSigner, LocalAuthority], bytes]] = {
    "no signature at all": lambda pdf, _s, _t: lay_out(PAGE, {}),
    "the time stamp cut off": lambda pdf, _s, _t: pdf[: sum(ranges(pdf)[0][2:])],
    "something appended": lambda pdf, _s, _t: appended(pdf),
    "a comment appended": lambda pdf, _s, _t: pdf + b"% more\n",
    "the signature's place emptied": lambda pdf, _s, _t: pdf.replace(
        pdf[ranges(pdf)[0][1] + 1 : ranges(pdf)[0][2] - 1],
        b"0" * (ranges(pdf)[0][2] - ranges(pdf)[0][1] - 2),
    ),
    "a page changed and all stamped again": stamped_again,
    "a page changed in the revision of the time stamp": joined,
    "no PDF": lambda _p, _s, _t: b"%PDF-1.7\n" * 100,
    "nothing": lambda _p, _s, _t: b"",
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_alterations_are_refused(
    name: str, signed: bytes, signer: ExhibitSigner, stamps: LocalAuthority
) -> None:
    altered = ALTERATIONS[name](signed, signer, stamps)
    assert altered != signed
    with pytest.raises(ProofInvalid) as caught:
        check_signature(altered)
    assert caught.value.subject == "report.pdf"


def test_a_foreign_reader_would_accept_the_forgery_with_new_stamps(
    signed: bytes, signer: ExhibitSigner, stamps: LocalAuthority
) -> None:
    """Why ours is strict: the time stamp of the forged file is valid, and covers all of it."""
    forged = joined(signed, signer, stamps)
    timestamp = PdfFileReader(io.BytesIO(forged)).embedded_signatures[1]
    assert validate_pdf_timestamp(timestamp, context(signer, stamps)).intact
