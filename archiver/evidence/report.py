"""What a verification found, as data for people and programs."""

from enum import StrEnum

from pydantic import BaseModel, Field

from archiver.domain.instant import Instant


class TimeGrade(StrEnum):
    """What a time stamp is worth.

    `independent`: it leads to a root that the verifier brought. `unconfirmed`: it leads to a root
    that only the bundle brought. `local`: the service's own embedded authority made it, which
    proves the order of things, not the time.
    """

    INDEPENDENT = "independent"
    UNCONFIRMED = "unconfirmed"
    LOCAL = "local"


class Check(BaseModel):
    """One thing that was checked; `subject` is a file of the bundle. `outcome`: `ok`, or `differs`
    for what proves nothing but is not as this version makes it."""

    subject: str
    outcome: str = "ok"
    detail: str = ""


class Stamp(BaseModel):
    """A time stamp that verified: `subject` existed no later than `at`, give or take `accuracy`
    (seconds; None: the authority states none).

    `trusted`: it leads to a root that the verifier brought, not only to one in the bundle.
    """

    subject: str
    at: Instant
    accuracy: float | None
    authority: str
    policy: str
    serial: str
    grade: TimeGrade
    trusted: bool


class Cosigned(BaseModel):
    """A witness saw the checkpoint in that receipt, by its own clock at `at`. `trusted`: the
    verifier brought its key."""

    subject: str
    witness: str
    at: Instant
    trusted: bool


class MaskedPicture(BaseModel):
    """A picture of which only some tiles are shown."""

    picture: str
    visible: int
    hidden: int


class ProvenOriginal(BaseModel):
    """A picture that its owner kept: `file` has the pixels and the salt that the list of tiles in
    `folder` (below `data/`) commits to; `hidden` of its `tiles` are not shown in the bundle."""

    file: str
    folder: str
    tiles: int
    hidden: int


class BitcoinBlock(BaseModel):
    """The block that must have this Merkle root, as block explorers print it."""

    height: int
    merkle_root: str


class CalendarProof(BaseModel):
    """Where an OpenTimestamps proof leads: to blocks (look them up), or only to the promises of
    calendars."""

    subject: str
    blocks: list[BitcoinBlock] = Field(default_factory=list)
    promised_by: list[str] = Field(default_factory=list)


class ExportFound(BaseModel):
    """The record of the export that made the bundle."""

    leaf_index: int
    at: str
    lang: str
    masked: bool
    files: list[str]


class ExhibitSigned(BaseModel):
    """Who signed report.pdf, and by when, says the signature inside. Anybody can sign: the hash of
    the file in the export's record, which is in the log, is what ties it to the bundle."""

    signer: str
    certificate_sha256: str
    signed_at: Instant
    stamped_at: Instant


class Report(BaseModel):
    """The result. `first_failure` names the first file or proof that fails, and why.

    `kind`: what the bundle is around: a `capture`, or an `observation` where nobody captured the
    post. `time_grade`, `leaf_index` and `unstamped_seconds` (from its making, by the service's
    clock, to its first time stamp; None: it does not say) are of that main record.
    `withheld` are files that a statement lists and the bundle leaves out (masked or erased),
    `erased` the leaves whose content was erased. `export` is None for bundles of older versions.
    """

    valid: bool = False
    kind: str | None = None
    first_failure: str | None = None
    checks: list[Check] = Field(default_factory=list)
    times: list[Stamp] = Field(default_factory=list)
    time_grade: TimeGrade | None = None
    unstamped_seconds: float | None = None
    roots_from_bundle_only: bool = True
    log_key_from_bundle_only: bool = True
    log_key: str | None = None
    leaf_index: int | None = None
    tree_size: int | None = None
    originals: list[ProvenOriginal] = Field(default_factory=list)
    withheld: list[str] = Field(default_factory=list)
    witness_keys_from_bundle_only: bool = True
    cosignatures: list[Cosigned] = Field(default_factory=list)
    calendars: list[CalendarProof] = Field(default_factory=list)
    export: ExportFound | None = None
    exhibit: ExhibitSigned | None = None
    masks: list[MaskedPicture] = Field(default_factory=list)
    erased: list[int] = Field(default_factory=list)

    def held(self, subject: str, detail: str = "") -> None:
        """Notes a check that held."""
        self.checks.append(Check(subject=subject, detail=detail))
