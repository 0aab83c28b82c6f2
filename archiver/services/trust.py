"""Which roots a time authority's answers may lead to.

The embedded authority: its own root alone. Others: the roots of RATURE_TSA_ROOTS. Where none are
set, those of the system, and failing these the root that the answer brings along: then a stamp
shows that somebody signed it, and who that is remains for the verifier to judge, who needs the
authority's root from elsewhere in any case.
"""

import ssl
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rfc3161_client import decode_timestamp_response

from archiver.domain.errors import SettingsError, TimestampInvalid

LOCAL = "local"
Certificates = list[x509.Certificate]


class Trust:
    """Roots by authority. `local_root` is the embedded authority's."""

    def __init__(
        self, local_root: x509.Certificate, configured: Sequence[x509.Certificate]
    ) -> None:
        self._local_root = local_root
        self._configured = list(configured)

    def anchors(self, authority: str, response: bytes) -> tuple[Certificates, Certificates]:
        """(roots, intermediates) to verify an answer of this authority with.

        Raises:
            TimestampInvalid: the answer is none.
        """
        if authority == LOCAL:
            return [self._local_root], []
        brought = _embedded(response)
        if self._configured:
            return self._configured, _issued(brought)
        own = [certificate for certificate in brought if _self_signed(certificate)]
        return [*_system_roots_above(brought), *own], _issued(brought)

    def is_independent(self, authority: str, root: x509.Certificate) -> bool:
        """Whether a stamp that leads to this root rests on more than this service's own word."""
        if authority == LOCAL or root == self._local_root:
            return False
        return root in (self._configured or _system_roots_above([root]))


def read_roots(paths: Sequence[str]) -> Certificates:
    """The certificates of these PEM files.

    Raises:
        SettingsError: a file that cannot be read or holds no certificate.
    """
    found: Certificates = []
    for path in paths:
        try:
            found += x509.load_pem_x509_certificates(Path(path).read_bytes())
        except (OSError, ValueError) as error:
            raise SettingsError(f"RATURE_TSA_ROOTS: {path}: {error}") from error
    return found


def to_pem(certificates: Sequence[x509.Certificate]) -> str:
    """The certificates one after the other."""
    return b"".join(item.public_bytes(Encoding.PEM) for item in certificates).decode()


def _embedded(response: bytes) -> Certificates:
    try:
        decoded = decode_timestamp_response(response)
        if decoded.status not in (0, 1):
            raise TimestampInvalid(f"the authority refused (status {decoded.status})")
        return [x509.load_der_x509_certificate(der) for der in decoded.signed_data.certificates]
    except ValueError as error:
        raise TimestampInvalid(f"not a time-stamp response: {error}") from error


def _issued(certificates: Certificates) -> Certificates:
    return [certificate for certificate in certificates if not _self_signed(certificate)]


def _self_signed(certificate: x509.Certificate) -> bool:
    return certificate.issuer == certificate.subject


def _system_roots_above(certificates: Certificates) -> Certificates:
    """The system's roots that issued one of these, or are among them."""
    issuers = {certificate.issuer for certificate in certificates}
    context = ssl.create_default_context()
    roots = (x509.load_der_x509_certificate(der) for der in context.get_ca_certs(binary_form=True))
    return [root for root in roots if root.subject in issuers]
