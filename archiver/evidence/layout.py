"""Names of the files in a bundle."""

import re

from archiver.evidence.capture_parts import META
from archiver.evidence.record_parts import RECORD

DATA = "data/"
STATEMENT = "STATEMENT.sha256"
PROOF = "STATEMENT.tlog-proof"
CALENDAR = "STATEMENT.ots"
CONTENT_FILES = frozenset({META, RECORD})
RECORDS = "records/"
OBSERVATIONS = "observations.jsonl"
VERDICT = "verdict.json"
README = "README.txt"
SCRIPT = "verify.sh"
LOG_VKEY = "keys/log.vkey"
LOG_PEM = "keys/log.pem"
WITNESSES = "keys/witnesses.vkey"
ROOTS = "keys/roots.pem"
INTERMEDIATES = "keys/intermediates.pem"
ENVELOPE = frozenset(
    {
        OBSERVATIONS,
        VERDICT,
        README,
        SCRIPT,
        LOG_VKEY,
        LOG_PEM,
        WITNESSES,
        ROOTS,
        INTERMEDIATES,
    }
)
"""Payload files that belong to no statement. Observations and verdict are compared with the
records; the others are a convenience and prove nothing."""

TOKEN = re.compile(r"STATEMENT\.tsa[1-9][0-9]?\.tsr")
CHECKPOINT_TOKEN = re.compile(r"STATEMENT\.checkpoint\.tsa[1-9][0-9]?\.tsr")
PROVING = re.compile(r"STATEMENT\.(?:sha256|tlog-proof|ots|(?:checkpoint\.)?tsa[1-9][0-9]?\.tsr)")
"""Files beside a record that prove it."""
RECORD_FOLDER = re.compile(r"records/(0|[1-9][0-9]{0,17})-([a-z][a-z_]{0,39})/")


def token_name(number: int) -> str:
    """File of the statement's time stamp by authority number `number` (from 1)."""
    return f"STATEMENT.tsa{number}.tsr"


def checkpoint_token_name(number: int) -> str:
    """File of the checkpoint's time stamp by authority number `number` (from 1)."""
    return f"STATEMENT.checkpoint.tsa{number}.tsr"


def content_file(kind: str) -> str:
    """The file that says what a record of that kind holds; it can never be left out."""
    return META if kind == "capture" else RECORD


def record_folder(index: int, kind: str) -> str:
    """Where the record with that leaf index stands."""
    return f"{RECORDS}{index}-{kind}/"
