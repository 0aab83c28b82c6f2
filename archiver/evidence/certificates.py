"""Certificate paths: from a token's signer up to a root that is trusted."""

from collections.abc import Sequence
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from archiver.domain.errors import TimestampInvalid

Certificates = list[x509.Certificate]


@lru_cache(maxsize=512)
def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer is a certification authority and signed the certificate. A signature over
    MD5 or SHA-1 does not count: `cryptography` refuses to look at it. Remembered: every token of
    an authority asks the same."""
    try:
        usage = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        certificate.verify_directly_issued_by(issuer)
    except (x509.ExtensionNotFound, InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return usage.ca


def self_issued(certificate: x509.Certificate) -> bool:
    """Whether it names itself as its issuer, as roots do."""
    return certificate.issuer == certificate.subject


def chained(root: x509.Certificate, intermediates: Sequence[x509.Certificate]) -> Certificates:
    """Those intermediates that lead to the root. The library puts all that it is given among the
    trusted ones: without this, a forger's own root would pass as an intermediate."""
    found: Certificates = []
    rest = [item for item in intermediates if item != root and not self_issued(item)]
    while True:
        new = [item for item in rest if any(issued(item, by) for by in (root, *found))]
        if not new:
            return found
        found += new
        rest = [item for item in rest if item not in new]


def path_to(
    root: x509.Certificate, signer: x509.Certificate, others: Sequence[x509.Certificate]
) -> Certificates:
    """The certificates from the signer's to the root's, both included.

    Raises:
        TimestampInvalid: these certificates do not lead there.
    """
    steps = chained(root, others)
    path = [signer]
    while path[-1] != root:
        above = [item for item in (root, *steps) if item not in path and issued(path[-1], item)]
        if not above:
            raise TimestampInvalid(
                "its certificates do not lead to a trusted root (those signed over MD5 or SHA-1 do"
                " not count)"
            )
        path.append(above[0])
    return path
