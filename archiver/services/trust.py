"""Which roots a time authority's answers may lead to.

The embedded authority: its own root alone. Others: the roots of RATURE_TSA_ROOTS. Where none are
set, those of the system, and failing these the root that the answer brings along: then a stamp
shows that somebody signed it, and who that is remains for the verifier to judge, who needs the
authority's root from elsewhere in any case.
"""

import ssl
import warnings
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from rfc3161_client import decode_timestamp_response

from archiver.domain.errors import SettingsError, TimestampInvalid

LOCAL = "local"
Certificates = list[x509.Certificate]


class Trust:
    """Roots by authority. `local_root` is the embedded authority's; `qualified` names those that
    the operator declared to be qualified under eIDAS, which nobody checked here."""

    def __init__(
        self,
        local_root: x509.Certificate,
        configured: Sequence[x509.Certificate],
        *,
        qualified: Collection[str] = (),
    ) -> None:
        self._qualified = frozenset(qualified)
        self._local_root = local_root
        self._configured = list(configured)

    @cached_property
    def _system_roots(self) -> Certificates:
        """Read once: there are a hundred or more."""
        return _system_roots()

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
        return [*_above(self._system_roots, brought), *own], _issued(brought)

    def is_qualified(self, authority: str) -> bool:
        """Whether the operator's settings say that it is qualified under eIDAS."""
        return authority in self._qualified

    def is_independent(self, authority: str, root: x509.Certificate) -> bool:
        """Whether a stamp that leads to this root rests on more than this service's own word."""
        if authority == LOCAL or root == self._local_root:
            return False
        return root in (self._configured or _above(self._system_roots, [root]))


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


def _system_roots() -> Certificates:
    """The system's roots; one that breaks the rules of certificates (RFC 5280) is passed over."""
    found: Certificates = []
    with warnings.catch_warnings():
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        for der in ssl.create_default_context().get_ca_certs(binary_form=True):
            with suppress(ValueError, CryptographyDeprecationWarning):
                found.append(x509.load_der_x509_certificate(der))
    return found


def _above(roots: Certificates, certificates: Certificates) -> Certificates:
    """Those roots that issued one of these certificates, or are among them."""
    issuers = {certificate.issuer for certificate in certificates}
    return [root for root in roots if root.subject in issuers]
