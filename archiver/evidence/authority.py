"""The embedded time authority: answers RFC 3161 requests on this machine.

It is for a service that reaches no other authority. What it signs proves the order of things and
that they did not change since; it does not prove the time to somebody who distrusts the operator,
and its policy identifier says so to every verifier.
"""

from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from archiver.domain.instant import Clock, to_utc
from archiver.evidence import tsp
from archiver.evidence.authority_state import Identity, open_identity

LOCAL_POLICY = x509.ObjectIdentifier("2.25.208846137911432750312884521806739845316")
"""Marks the tokens of every embedded authority (an arc made from a random UUID)."""

ACCURACY_SECONDS = 1
SERIAL_BYTES = 16
GRANTED = 0
REJECTION = 2
BAD_ALGORITHM, BAD_FORMAT, UNACCEPTED_POLICY, UNACCEPTED_EXTENSION = 0, 5, 15, 16
HASH_LENGTHS = {tsp.SHA256: 32, tsp.SHA384: 48, tsp.SHA512: 64}
MAX_REQUEST_BYTES = 10_000


class LocalAuthority:
    """Fulfils `timestamp.Authority`. Its key and certificates are made once, at first start."""

    name = "local"

    def __init__(self, identity: Identity, clock: Clock, random: Callable[[int], bytes]) -> None:
        self._identity = identity
        self._clock = clock
        self._random = random

    @classmethod
    def open(
        cls, directory: Path, clock: Clock, random: Callable[[int], bytes]
    ) -> "LocalAuthority":
        """Reads the authority's key and certificates, or makes them when there are none.

        Raises:
            SettingsError: they are there and unreadable (they are never made anew), or the
                directory cannot be written.
        """
        return cls(open_identity(directory, clock()), clock, random)

    @property
    def root(self) -> x509.Certificate:
        """The root that a verifier needs."""
        return self._identity.root

    @property
    def root_pem(self) -> bytes:
        """The same as PEM."""
        return self._identity.root.public_bytes(Encoding.PEM)

    def stamp(self, request_der: bytes) -> bytes:
        """Answers a TimeStampReq with a TimeStampResp, both DER. A request that cannot be granted
        is answered with a rejection, as RFC 3161 wants; nothing is raised for it."""
        if len(request_der) > MAX_REQUEST_BYTES:
            return _rejection(BAD_FORMAT)
        try:
            request = asn1.decode_der(tsp.TimeStampReq, request_der)
        except ValueError:
            return _rejection(BAD_FORMAT)
        reason = _refusal(request)
        return self._grant(request) if reason is None else _rejection(reason)

    def _grant(self, request: tsp.TimeStampReq) -> bytes:
        now = to_utc(self._clock())
        info = tsp.TstInfo(
            version=1,
            policy=LOCAL_POLICY,
            message_imprint=request.message_imprint,
            serial_number=int.from_bytes(self._random(SERIAL_BYTES), "big") >> 1,
            gen_time=asn1.GeneralizedTime(now.replace(microsecond=now.microsecond // 1000 * 1000)),
            accuracy=tsp.Accuracy(seconds=ACCURACY_SECONDS),
            nonce=request.nonce,
        )
        token = self._sign(asn1.encode_der(info), with_certificate=request.cert_req)
        status = tsp.PkiStatusInfo(status=GRANTED)
        return asn1.encode_der(tsp.TimeStampResp(status=status, token=token))

    def _sign(self, content: bytes, *, with_certificate: bool) -> tsp.TimeStampToken:
        certificate = self._identity.certificate
        sha256 = tsp.AlgorithmIdentifier(algorithm=tsp.SHA256)
        attributes = _attributes(content, certificate)
        signer = tsp.SignerInfo(
            version=1,
            sid=tsp.IssuerAndSerialNumber(
                issuer=asn1.decode_der(asn1.TLV, certificate.issuer.public_bytes()),
                serial_number=certificate.serial_number,
            ),
            digest_algorithm=sha256,
            signed_attributes=attributes,
            signature_algorithm=tsp.AlgorithmIdentifier(algorithm=tsp.ECDSA_WITH_SHA256),
            signature=self._identity.key.sign(
                asn1.encode_der(attributes), ec.ECDSA(hashes.SHA256())
            ),
        )
        signed = tsp.SignedData(
            version=3,
            digest_algorithms=asn1.SetOf([sha256]),
            content=tsp.EncapsulatedContent(content_type=tsp.TST_INFO, content=content),
            certificates=asn1.SetOf([certificate]) if with_certificate else None,
            signer_infos=asn1.SetOf([signer]),
        )
        return tsp.TimeStampToken(content_type=tsp.SIGNED_DATA, content=signed)


def _refusal(request: tsp.TimeStampReq) -> int | None:
    """Why the request cannot be granted (a bit of PKIFailureInfo); None when it can."""
    imprint = request.message_imprint
    length = HASH_LENGTHS.get(imprint.hash_algorithm.algorithm)
    if length is None:
        return BAD_ALGORITHM
    if length != len(imprint.hashed_message) or request.version != 1:
        return BAD_FORMAT
    if request.req_policy not in (None, LOCAL_POLICY):
        return UNACCEPTED_POLICY
    return None if request.extensions is None else UNACCEPTED_EXTENSION


def _attributes(content: bytes, certificate: x509.Certificate) -> tsp.SignedAttributes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(content)
    named = tsp.SigningCertificateV2(
        certs=[tsp.EssCertIdV2(cert_hash=certificate.fingerprint(hashes.SHA256()))]
    )
    return tsp.SignedAttributes(
        content_type=tsp.OidAttribute(type=tsp.CONTENT_TYPE, values=asn1.SetOf([tsp.TST_INFO])),
        message_digest=tsp.BytesAttribute(
            type=tsp.MESSAGE_DIGEST, values=asn1.SetOf([digest.finalize()])
        ),
        signing_certificate=tsp.CertificateAttribute(
            type=tsp.SIGNING_CERTIFICATE_V2, values=asn1.SetOf([named])
        ),
    )


def _rejection(reason: int) -> bytes:
    """A response without a token; `reason` is the bit of PKIFailureInfo."""
    octets, bit = divmod(reason, 8)
    bits = asn1.BitString(bytes(octets) + bytes([0x80 >> bit]), 7 - bit)
    status = tsp.PkiStatusInfo(status=REJECTION, fail_info=bits)
    return asn1.encode_der(tsp.TimeStampResp(status=status))
