"""What a token must fulfil beside a signature that verifies.

rfc3161-client checks the signature, the imprint and the nonce, and that the certificates up to a
root were valid at the stamp's time, for time stamping and nothing else. The rest is here: the
signer's certificate is the one that the signed attributes name (RFC 5816), what is signed says that
it is a time stamp, and nothing rests on MD5 or SHA-1 (of certificates, `certificates` sees to
that).
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from archiver.domain.errors import TimestampInvalid
from archiver.evidence import der, tsp
from archiver.evidence.token_facts import SignerFacts, TokenFacts, dotted

CONTENT_TYPE = tsp.CONTENT_TYPE.dotted_string
BY_SHA2 = tsp.SIGNING_CERTIFICATE_V2.dotted_string
HASHES = {
    tsp.SHA256.dotted_string: "sha256",
    tsp.SHA384.dotted_string: "sha384",
    tsp.SHA512.dotted_string: "sha512",
}
OLD_SIGNATURES = frozenset(
    {
        "1.2.840.113549.1.1.2",  # MD2 with RSA
        "1.2.840.113549.1.1.4",  # MD5 with RSA
        "1.2.840.113549.1.1.5",  # SHA-1 with RSA
        "1.2.840.10045.4.1",  # ECDSA with SHA-1
        "1.2.840.10040.4.3",  # DSA with SHA-1
    }
)
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
"""The older form of the attribute (RFC 2634): names the certificate by SHA-1. It is still in use
and is accepted: whoever wanted to misuse it needs a second preimage, and the certificate's path is
verified besides."""


class Stamped(Protocol):
    """What a demand is made of."""

    @property
    def policy(self) -> str:
        """Dotted OID."""
        ...

    @property
    def accuracy(self) -> timedelta | None:
        """None when none is stated."""
        ...


@dataclass(frozen=True)
class Demands:
    """What an operator demands of new stamps. No `policies` means any; an accuracy that is not
    stated is accepted (and shown as missing), one that is worse than `max_accuracy` is not."""

    policies: frozenset[str] = frozenset()
    max_accuracy: timedelta | None = None

    def check(self, stamp: Stamped) -> None:
        """Raises TimestampInvalid when the stamp does not fulfil them."""
        if self.policies and stamp.policy not in self.policies:
            raise TimestampInvalid(f"its policy {stamp.policy} is not in RATURE_TSA_POLICIES")
        stated, most = stamp.accuracy, self.max_accuracy
        if stated is not None and most is not None and stated > most:
            raise TimestampInvalid(
                f"its stated accuracy of {stated.total_seconds():g} s is worse than"
                f" RATURE_TSA_MAX_ACCURACY ({most.total_seconds():g} s)"
            )


def check_token(facts: TokenFacts, certificate: x509.Certificate) -> None:
    """Checks a token whose signature verified under the signer's certificate.

    Raises:
        TimestampInvalid: says which rule it breaks.
    """
    if facts.content_type != tsp.TST_INFO.dotted_string:
        raise TimestampInvalid("what is signed is not a time stamp")
    if facts.critical_extensions:
        raise TimestampInvalid(f"an extension that is not known: {facts.critical_extensions[0]}")
    if len(facts.signers) != 1:
        raise TimestampInvalid(f"it has {len(facts.signers)} signers instead of one")
    [signer] = facts.signers
    if signer.digest_algorithm not in HASHES or signer.signature_algorithm in OLD_SIGNATURES:
        raise TimestampInvalid("it rests on a hash that is not SHA-256, SHA-384 or SHA-512")
    _check_attributes(signer, certificate)


def _check_attributes(signer: SignerFacts, certificate: x509.Certificate) -> None:
    """The signed attributes say what is signed, and by which certificate."""
    try:
        kinds = [dotted(item) for item in signer.attributes.get(CONTENT_TYPE, [])]
        named = [
            _named(value, algorithm)
            for attribute, algorithm in ((SIGNING_CERTIFICATE, "sha1"), (BY_SHA2, "sha256"))
            for value in signer.attributes.get(attribute, [])
        ]
    except (ValueError, IndexError) as error:
        raise TimestampInvalid(f"its signed attributes cannot be read: {error}") from error
    if kinds != [tsp.TST_INFO.dotted_string]:
        raise TimestampInvalid("its signed attributes are not those of a time stamp")
    if not named:
        raise TimestampInvalid("it does not name its signer's certificate")
    encoded = certificate.public_bytes(Encoding.DER)
    for algorithm, digest in named:
        if digest != hashlib.new(algorithm, encoded, usedforsecurity=False).digest():
            raise TimestampInvalid("it names another certificate than its signer's")


def _named(value: der.Element, algorithm: str) -> tuple[str, bytes]:
    """(hash, digest) of the first certificate that the attribute names: the signer's. Both forms
    of the attribute begin with the list; the newer one may name its hash in each entry."""
    parts = value.children()[0].children()[0].children()
    if parts[0].tag != der.SEQUENCE:
        return algorithm, parts[0].content
    found = HASHES.get(dotted(parts[0].children()[0]))
    if found is None:
        raise ValueError("a hash that is not SHA-256, SHA-384 or SHA-512")
    return found, parts[1].content
