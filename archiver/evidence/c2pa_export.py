"""Masked pictures as Content Credentials (C2PA), for viewers that know no bundle of ours.

An option: the package `c2pa-python` brings a large library and is not installed by default. The
masked picture is what is signed: no thumbnail, no ingredient, nothing of the original. What it
claims is where the proof is: the hash of the record's statement and its place in the log.

Source: C2PA technical specification 2.2 (actions, digital source types, certificates for signing).
"""

import importlib
import importlib.util
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archiver.domain.errors import EvidenceError, Unavailable
from archiver.domain.instant import Clock
from archiver.evidence.c2pa_identity import SigningIdentity, open_signing_identity

PACKAGE = "c2pa"
EVIDENCE = "org.rature.evidence"
"""Label of the assertion that names statement and log."""
SCREEN = "http://cv.iptc.org/newscodes/digitalsourcetype/screenCapture"
FORMAT = "image/png"
MISSING = "Content Credentials need the package c2pa-python: pip install 'rature[c2pa]'"


@dataclass(frozen=True)
class EvidenceReference:
    """What the credentials lead to: the SHA-256 (hex) of the record's STATEMENT.sha256, its leaf in
    the log whose key that is (vkey), the picture's folder, and how many of its tiles are grey."""

    statement_sha256: str
    leaf: int
    log: str
    folder: str
    hidden_tiles: int
    tiles: int


def is_available() -> bool:
    """Whether the package is installed. It is not loaded for that."""
    return importlib.util.find_spec(PACKAGE) is not None


class Credentials:
    """Signs pictures with a certificate of this service's own, made at first use in `directory`."""

    def __init__(self, directory: Path, clock: Clock, software: str) -> None:
        self._directory = directory
        self._clock = clock
        self._software = software

    def sign(self, png: bytes, reference: EvidenceReference) -> bytes:
        """The masked picture (PNG) with its credentials embedded.

        Raises:
            Unavailable: the package is not installed.
            SettingsError: the key's file is broken or cannot be written.
            EvidenceError: the library refuses the picture.
        """
        if not is_available():
            raise Unavailable(MISSING)
        identity = open_signing_identity(self._directory, self._clock())
        return _sign(png, _definition(reference, self._software), identity)


def _definition(reference: EvidenceReference, software: str) -> dict[str, Any]:
    """The manifest. The title is fixed: a file's name could tell what is hidden."""
    actions = [
        {"action": "c2pa.created", "digitalSourceType": SCREEN},
        {
            "action": "c2pa.edited",
            "description": "Redaction by the owner: tiles of 32x32 pixels are filled with grey.",
            "parameters": {
                f"{EVIDENCE}.hidden_tiles": reference.hidden_tiles,
                f"{EVIDENCE}.tiles": reference.tiles,
            },
        },
    ]
    evidence = {
        "statement_sha256": reference.statement_sha256,
        "leaf_index": reference.leaf,
        "log": reference.log,
        "picture": reference.folder,
    }
    return {
        "title": "masked.png",
        "format": FORMAT,
        "claim_generator_info": [{"name": "Rature", "version": software}],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": actions}},
            {"label": EVIDENCE, "data": evidence},
        ],
    }


_SETTINGS = {
    "builder": {"thumbnail": {"enabled": False}, "certificate_status_fetch": None},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": False},
    "core": {"allowed_network_hosts": []},
}
"""No thumbnail (it would repeat the picture), and no network."""


def _sign(png: bytes, definition: dict[str, Any], identity: SigningIdentity) -> bytes:
    c2pa: Any = importlib.import_module(PACKAGE)
    signed = io.BytesIO()
    info = c2pa.C2paSignerInfo(
        c2pa.C2paSigningAlg.ES256, identity.chain_pem, identity.key_pem, None
    )
    try:
        with (
            c2pa.Context.from_dict(_SETTINGS) as context,
            c2pa.Signer.from_info(info) as signer,
            c2pa.Builder(json.dumps(definition), context=context) as builder,
        ):
            builder.sign(signer, FORMAT, io.BytesIO(png), signed)
    except c2pa.C2paError as error:
        raise EvidenceError(f"Content Credentials: {error}") from error
    return signed.getvalue()
