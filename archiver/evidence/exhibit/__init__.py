"""The PDF exhibit of a bundle, `report.pdf`.

    signer = ExhibitSigner.open(folder, public_url, clock, random, stamp)
    pdf = make_exhibit(facts, salt, signer)      # when available() is None
    report = check_signature(pdf)                # raises ProofInvalid("report.pdf", ...)

What makes it is heavy and needs Pango; it is loaded when the first exhibit is made. Checking one
needs none of it.
"""

import threading

from archiver.domain.errors import Unavailable
from archiver.evidence.exhibit.checking import SignatureReport, check_signature
from archiver.evidence.exhibit.facts import ExhibitFacts
from archiver.evidence.exhibit.library import available
from archiver.evidence.exhibit.signer import ExhibitSigner, FirstAnswering

__all__ = [
    "ExhibitFacts",
    "ExhibitSigner",
    "FirstAnswering",
    "SignatureReport",
    "available",
    "check_signature",
    "make_exhibit",
]

_ONE_AT_A_TIME = threading.Lock()
"""Pages and pictures of one exhibit take some hundred megabytes while they are laid out."""


def make_exhibit(facts: ExhibitFacts, salt: bytes, signer: ExhibitSigner) -> bytes:
    """The exhibit as a signed and stamped PDF, checked again before it is given. `salt` goes into
    its document information as the keywords `rature-salt <hex>`.

    Takes seconds; must not be called where an event loop runs.

    Raises:
        Unavailable: Pango is missing (see `available`), or no time authority gave a stamp.
        InvalidPicture: a picture cannot be decoded.
        ProofInvalid: what was made does not verify.
    """
    problem = available()
    if problem is not None:
        raise Unavailable(problem)
    from archiver.evidence.exhibit.render import render  # noqa: PLC0415 - it loads for a second

    with _ONE_AT_A_TIME:
        pdf = signer.sign(render(facts, salt, signer.certificate))
    check_signature(pdf)
    return pdf
