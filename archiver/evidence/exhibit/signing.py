"""Signs a PDF as PAdES B-LTA (ETSI EN 319 142-1): a signature with its time stamp, the certificates
needed to check both, and a time stamp over all of it, by pyHanko. Nothing here uses the network.

The file gets two revisions: the signed document, and what was added after (certificates and the
document time stamp). The certificates are issued by the service itself and nobody lists revoked
ones, so there is nothing else to embed.
"""

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from asn1crypto import cms, keys, tsp  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfSigningSession, PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from archiver.domain.errors import Unavailable
from archiver.evidence.exhibit.identity import ExhibitIdentity

SIGNATURE, TIMESTAMP = "Signature", "Timestamp"
"""Names of the two fields."""
DIGEST = "sha256"
Stamp = Callable[[bytes], bytes]
"""TimeStampReq (DER) -> TimeStampResp (DER), RFC 3161."""


def sign(
    pdf: bytes,
    identity: ExhibitIdentity,
    stamp: Stamp,
    now: datetime,
    roots: Sequence[x509.Certificate] = (),
) -> bytes:
    """The PDF with signature, certificates (`roots` too) and document time stamp. Must not be
    called where an event loop runs.

    Raises:
        Unavailable: no time authority gave a stamp.
    """
    stamper = _Stamper(stamp)
    try:
        signed = _signed(pdf, identity, stamper, now)
        return _stamped(signed, [identity.certificate, identity.root, *roots], stamper)
    except (TimestampRequestError, SigningError, PdfError, ValueError) as error:
        raise Unavailable(f"the exhibit could not be signed and stamped: {error}") from error


class _Stamper(TimeStamper):
    """Our authorities as pyHanko wants them; keeps the certificates that came with the stamps."""

    def __init__(self, stamp: Stamp) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._stamp = stamp

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self._stamp(req.dump()), strict=True)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        token = await super().async_timestamp(message_digest, md_algorithm)
        for choice in token["content"]["certificates"]:
            self.cert_registry.register(choice.chosen)
        return token


class _Writer(IncrementalPdfFileWriter):
    """Leaves title, keywords and dates as they are: what is added must change nothing else."""

    def _update_meta(self) -> None:
        pass


class _Signer(signers.PdfSigner):
    """Signs at the service's time, not at the machine's."""

    def __init__(self, now: datetime, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        self._now = now

    def init_signing_session(self, *positional: Any, **named: Any) -> PdfSigningSession:
        session = super().init_signing_session(*positional, **named)
        session.system_time = self._now
        return session


def _signed(
    pdf: bytes, identity: ExhibitIdentity, stamper: TimeStamper, now: datetime
) -> io.BytesIO:
    """The first revision: both fields, and the signature with its time stamp in one of them."""
    writer = _Writer(io.BytesIO(pdf))
    for name in (SIGNATURE, TIMESTAMP):
        # PDF/UA wants a widget that cannot be seen to be hidden
        unseen = fields.InvisSigSettings(set_print_flag=False, set_hidden_flag=True)
        field = fields.SigFieldSpec(name, invis_sig_settings=unseen)
        fields.append_signature_field(writer, field)
    meta = signers.PdfSignatureMetadata(
        field_name=SIGNATURE,
        md_algorithm=DIGEST,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    signer = _Signer(now, meta, _cms_signer(identity), timestamper=stamper)
    target: io.BytesIO = signer.sign_pdf(writer, existing_fields_only=True)
    return target


def _stamped(
    signed: io.BytesIO, certificates: Sequence[x509.Certificate], stamper: TimeStamper
) -> bytes:
    """The second revision: the certificates, and the time stamp over all that comes before."""
    signature = PdfFileReader(signed).embedded_signatures[0]
    writer = _Writer(signed)
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        signature.pkcs7_content.hex().upper().encode(),
        certs=[*_converted(certificates), *stamper.cert_registry],
    )
    target: io.BytesIO = PdfTimeStamper(stamper, field_name=TIMESTAMP).timestamp_pdf(writer, DIGEST)
    return target.getvalue()


def _cms_signer(identity: ExhibitIdentity) -> signers.SimpleSigner:
    der = identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    certificate, root = _converted([identity.certificate, identity.root])
    registry = SimpleCertificateStore.from_certs([root])  # type: ignore[no-untyped-call]
    return signers.SimpleSigner(certificate, keys.PrivateKeyInfo.load(der), registry)


def _converted(certificates: Sequence[x509.Certificate]) -> list[asn1_x509.Certificate]:
    return [asn1_x509.Certificate.load(item.public_bytes(Encoding.DER)) for item in certificates]
