"""RFC 3161 time stamps: asking for them, and checking what comes back with rfc3161-client.

The bytes of a response are archived as they came: re-encoding could break what a verifier checks.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from cryptography import x509
from cryptography.hazmat import asn1
from rfc3161_client import (
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from archiver.domain.errors import TimestampInvalid
from archiver.evidence import tsp
from archiver.evidence.certificates import chained, path_to
from archiver.evidence.token_facts import read_facts
from archiver.evidence.token_rules import check_token

NONCE_BYTES = 8
REQUEST_TYPE = "application/timestamp-query"
Post = Callable[[str, bytes, dict[str, str]], bytes]
"""(url, body, headers) -> body of the answer; raises `Unavailable` when there is none."""


class Authority(Protocol):
    """Whoever stamps."""

    @property
    def name(self) -> str:
        """How it is called in the settings: `local`, or its address."""
        ...

    def stamp(self, request_der: bytes) -> bytes:
        """Gives the TimeStampResp (DER) for a TimeStampReq (DER)."""
        ...


class RemoteAuthority:
    """An authority behind HTTP. `post` is given from outside and goes through the address gate."""

    def __init__(self, url: str, post: Post) -> None:
        self.name = url
        self._post = post

    def stamp(self, request_der: bytes) -> bytes:
        """Posts the request. Raises whatever `post` raises; the answer is not yet believed."""
        return self._post(self.name, request_der, {"Content-Type": REQUEST_TYPE})


@dataclass(frozen=True)
class VerifiedTimestamp:
    """A time stamp that verified. Made by `verify_response` alone.

    `gen_time` is as exact as the token has it: the true moment lies between it and `resolution`
    later, give or take `accuracy` (None: not stated). `authority` is the signer's subject, `policy`
    a dotted OID, `root` the certificate that it leads to. `says_qualified`: the authority itself
    calls the token a qualified one (ETSI EN 319 422); whether it may is for a trusted list to say.
    """

    gen_time: datetime
    resolution: timedelta
    accuracy: timedelta | None
    says_qualified: bool
    serial: int
    authority: str
    policy: str
    root: x509.Certificate


def make_request(data: bytes, random: Callable[[int], bytes]) -> tuple[bytes, int]:
    """A TimeStampReq (DER) over SHA-256 of the data, asking for certificates; and its nonce."""
    nonce = int.from_bytes(random(NONCE_BYTES), "big")
    sha256 = tsp.AlgorithmIdentifier(algorithm=tsp.SHA256, parameters=asn1.Null())
    imprint = tsp.MessageImprint(
        hash_algorithm=sha256, hashed_message=hashlib.sha256(data).digest()
    )
    request = tsp.TimeStampReq(version=1, message_imprint=imprint, nonce=nonce, cert_req=True)
    return asn1.encode_der(request), nonce


def verify_response(
    response_der: bytes,
    data: bytes,
    roots: Sequence[x509.Certificate],
    *,
    nonce: int | None = None,
    intermediates: Sequence[x509.Certificate] = (),
) -> VerifiedTimestamp:
    """Checks a response against the data and the trusted roots.

    `nonce` is given when the answer has just come (against replays), not for archived ones.

    Raises:
        TimestampInvalid: it is malformed, a refusal, over other data, or leads to no given root.
    """
    response = _granted(response_der)
    facts = read_facts(response_der)
    root = _trusted_root(response, data, roots, nonce, intermediates)
    embedded = [x509.load_der_x509_certificate(der) for der in response.signed_data.certificates]
    signer = _signer(response, embedded)
    path_to(root, signer, [*embedded, *intermediates])
    check_token(facts, signer)
    return VerifiedTimestamp(
        gen_time=facts.gen_time,
        resolution=facts.resolution,
        accuracy=facts.accuracy,
        serial=response.tst_info.serial_number,
        authority=signer.subject.rfc4514_string(),
        policy=facts.policy,
        says_qualified=facts.says_qualified,
        root=root,
    )


def leads_to(
    response_der: bytes,
    roots: Sequence[x509.Certificate],
    intermediates: Sequence[x509.Certificate] = (),
) -> bool:
    """Whether the signer's certificate leads to one of the roots. Raises TimestampInvalid when the
    response is malformed or a refusal."""
    response = _granted(response_der)
    embedded = [x509.load_der_x509_certificate(der) for der in response.signed_data.certificates]
    signer = _signer(response, embedded)
    for root in roots:
        try:
            path_to(root, signer, [*embedded, *intermediates])
        except TimestampInvalid:
            continue
        return True
    return False


def check_unrooted(response_der: bytes, data: bytes, nonce: int | None) -> None:
    """Checks what can be checked of an answer whose root is not known: that it answers what was
    asked. Its signature is not believed thereby.

    Raises:
        TimestampInvalid: it does not.
    """
    _granted(response_der)
    facts = read_facts(response_der)
    if facts.imprint != hashlib.sha256(data).digest():
        raise TimestampInvalid("it stamps something else")
    if nonce is not None and facts.nonce != nonce:
        raise TimestampInvalid("it answers another question (nonce)")


def _granted(response_der: bytes) -> TimeStampResponse:
    """The response, as far as its form goes."""
    try:
        response = decode_timestamp_response(response_der)
        if response.status not in (0, 1):
            raise TimestampInvalid(f"the authority refused (status {response.status})")
        if response.as_bytes() != response_der:
            raise TimestampInvalid("the response is not in its one DER form")
        response.tst_info  # noqa: B018 - decoded when it is asked for
    except ValueError as error:
        raise TimestampInvalid(f"not a time-stamp response: {error}") from error
    return response


def _trusted_root(
    response: TimeStampResponse,
    data: bytes,
    roots: Sequence[x509.Certificate],
    nonce: int | None,
    intermediates: Sequence[x509.Certificate],
) -> x509.Certificate:
    """The first root under which the response verifies."""
    problem = "no trusted root was given"
    for root in roots:
        # one builder for each root: the library's builder keeps the roots of earlier calls
        chain = chained(root, intermediates)
        verifier = VerifierBuilder(nonce=nonce, roots=[root], intermediates=chain).build()
        try:
            if verifier.verify_message(response, data):
                return root
        except (VerificationError, ValueError) as error:
            problem = str(error).partition(": ErrorStack")[0]
    raise TimestampInvalid(problem)


def _signer(response: TimeStampResponse, embedded: Sequence[x509.Certificate]) -> x509.Certificate:
    """The certificate that the (single, already checked) signer names."""
    signers = list(response.signed_data.signer_infos)
    if len(signers) != 1:
        raise TimestampInvalid(f"it has {len(signers)} signers instead of one")
    [named] = signers
    for item in embedded:
        if (item.issuer, item.serial_number) == (named.issuer, named.serial_number):
            return item
    raise TimestampInvalid("the signer's certificate is not there")
