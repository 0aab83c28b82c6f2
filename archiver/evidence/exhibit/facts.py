"""What an exhibit prints, as plain values. Whoever exports fills these in; nothing is looked up.

Three things must not be mixed up, wherever a value is text:
- `None`: withheld by the owner. The exhibit says so and the value never reaches it.
- `""`: not known, or not given.
- anything else: printed as it is, whatever characters are in it.
Times are aware. Hashes are those of salted files, as their statement lists them; no plain hash and
no size of something that can be withheld may stand in any of these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Language = Literal["en", "fr"]
Text = str | None
"""None is withheld, "" is not known."""


@dataclass(frozen=True)
class PostFacts:
    """The post as captured, or as first seen where nobody captured it."""

    text: Text
    author: Text
    address: Text
    author_id: Text = ""
    post_id: Text = ""
    permalink: Text = ""
    parent: Text = ""
    shown_time: Text = ""
    site: Text = ""


@dataclass(frozen=True)
class WindowFacts:
    """One disappearance. `last_seen` None: no public look saw the post before it."""

    first_missing: datetime
    last_seen: datetime | None = None
    seen_again: datetime | None = None


@dataclass(frozen=True)
class VerdictFacts:
    """The last conclusion. `state`, `level`, `actor` and `reason` as in `archiver.domain.verdict`
    and `.observation` (their values); `basis` is how many looks and notices it was drawn from."""

    state: str
    at: datetime
    rules_version: str
    level: str | None = None
    silent: bool = False
    actor: str | None = None
    windows: tuple[WindowFacts, ...] = ()
    rules: tuple[str, ...] = ()
    reason: str | None = None
    unresolved: int = 0
    basis: int = 0
    leaf: int | None = None


@dataclass(frozen=True)
class CaptureFacts:
    """One capture. `signed`: the contributor's key signed the manifest and it verified at intake.
    `grade` as in `archiver.domain.capture.Grade`."""

    id: str
    leaf: int
    started_at: datetime
    finished_at: datetime
    received_at: datetime
    completeness: str = "COMPLETE"
    missing: tuple[str, ...] = ()
    grade: str = ""
    contributor: Text = ""
    signed: bool = False


@dataclass(frozen=True)
class LookFacts:
    """One observation, failed ones too. `sighting` is None when `reason` is not (their values as in
    `archiver.domain.observation`). `found` of `known` neighbours were seen."""

    leaf: int
    at: datetime
    vantage: str = "public"
    path: str = "default"
    sighting: str | None = None
    reason: str | None = None
    actor: str | None = None
    known: int = 0
    found: int = 0
    status: int | None = None
    via: str = "browser"
    address: Text = ""
    detail: Text = ""


@dataclass(frozen=True)
class NoticeFacts:
    """What the author told or was told. `notice`: withdrawn, reasons_given, other, or retracted,
    which takes back what was told at the moment `retracts`."""

    leaf: int
    at: datetime
    notice: str
    text: Text = ""
    retracts: datetime | None = None


@dataclass(frozen=True)
class EventFacts:
    """Anything else of the timeline: `kind` is `custody`, `verdict`, `erasure`, `visit` or that of
    a case event; `name` what happened (a custody event's name, a verdict's state), `actor` who."""

    at: datetime
    kind: str
    name: str = ""
    text: Text = ""
    actor: str = ""
    leaf: int | None = None


@dataclass(frozen=True)
class RepeatFacts:
    """Another posting of the same complaint, if it is known: when it was captured, its fate."""

    watch_id: str
    at: datetime
    state: str = ""
    window: WindowFacts | None = None


PictureRole = Literal["post", "context", "page", "post_in_look", "attachment"]
"""The contributor's picture of the post or of the page around it; the checker's of the whole page,
or cut out of it; an attached file."""


@dataclass(frozen=True)
class PictureFacts:
    """A picture to print: PNG, JPEG or WebP, already flattened where it is masked.

    `owner` is the id of its record, `path` the committed file inside its record (for instance
    `screenshot/TILES.sha256`) and `sha256` the hash that the record's statement gives for it;
    `hidden_tiles` of `tiles` are masked.
    """

    role: PictureRole
    data: bytes
    leaf: int
    owner: str
    at: datetime
    address: Text
    path: str
    sha256: str
    masked: bool = False
    hidden_tiles: int = 0
    tiles: int = 0
    name: str = ""


@dataclass(frozen=True)
class RecordFacts:
    """A line of the leaf index. `recorded_at` is the service's clock; `stamped_at` the earliest
    time stamp that covers the record, its own or its checkpoint's."""

    leaf: int
    kind: str
    statement_sha256: str
    recorded_at: datetime
    stamped_at: datetime | None = None
    erased: bool = False


@dataclass(frozen=True)
class StampFacts:
    """One RFC 3161 token. `over` is what it stamps, `leaf` the record that it was given for.
    `embedded`: by the service's own authority. `qualified`: eIDAS-qualified by the operator's word;
    None when the operator said nothing."""

    over: Literal["statement", "checkpoint"]
    leaf: int
    at: datetime
    authority: str
    signer: str
    policy: str
    serial: str
    embedded: bool = False
    qualified: bool | None = None


@dataclass(frozen=True)
class RootFacts:
    """A root certificate to check tokens with; `sha256` is its fingerprint (hex)."""

    subject: str
    sha256: str
    not_after: datetime | None = None


@dataclass(frozen=True)
class CheckpointFacts:
    """The checkpoint that the main record is proven against; `root` as in its note (base64)."""

    origin: str
    size: int
    root: str
    witnesses: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProofFacts:
    """How it is proven. `main` is the leaf index of the main record, `log_key` the vkey,
    `log_key_sha256` the fingerprint of the public key (SHA-256 of its DER, hex)."""

    main: int
    log_key: str
    log_key_sha256: str
    checkpoint: CheckpointFacts | None = None
    records: tuple[RecordFacts, ...] = ()
    stamps: tuple[StampFacts, ...] = ()
    roots: tuple[RootFacts, ...] = ()
    wacz: bool = False


PRACTICE: Mapping[str, tuple[str, ...]] = {
    "page": (
        "address_typed", "address_canonical", "address_final", "http_status", "path_followed",
        "page_html", "page_picture", "post_picture", "page_archive", "attachments",
        "post_author", "time_shown", "time_in_markup",
    ),
    "collection": (
        "contributor", "captured_from", "captured_to", "received_at", "clock_offset",
        "clock_synchronised", "logged_in", "virtual_identity",
    ),
    "machine": (
        "hardware", "os", "browser", "user_agent", "extension_version", "viewport",
        "device_pixel_ratio", "locale", "time_zone", "ip_address", "proxy", "profile",
        "caches_emptied",
    ),
    "process": (
        "software", "options", "conversions", "signature", "hashes_compared", "custody",
        "time_stamps", "time_stamp_qualified", "second_witness", "checking_proxy",
    ),
}  # fmt: skip
"""The fields that practice expects of a capture, by group, in the order of the checklist."""

ALL_PRACTICE = tuple(name for names in PRACTICE.values() for name in names)


@dataclass(frozen=True)
class PracticeFacts:
    """The checklist's values. A field that is not in `values` is listed as missing; one in
    `withheld` is there and not shown. Unknown names are refused."""

    values: Mapping[str, str] = field(default_factory=dict)
    withheld: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        unknown = (self.values.keys() | self.withheld) - set(ALL_PRACTICE)
        if unknown:
            raise ValueError(f"no such field of the checklist: {', '.join(sorted(unknown))}")


@dataclass(frozen=True)
class ExhibitFacts:
    """Everything that one exhibit prints. `source` is the service's address, `watch_id` the watched
    post, `grade` as in `archiver.domain.capture.Grade`."""

    lang: Language
    made_at: datetime
    source: str
    watch_id: str
    post: PostFacts
    proof: ProofFacts
    masked: bool = False
    grade: str = ""
    verdict: VerdictFacts | None = None
    captures: tuple[CaptureFacts, ...] = ()
    looks: tuple[LookFacts, ...] = ()
    notices: tuple[NoticeFacts, ...] = ()
    events: tuple[EventFacts, ...] = ()
    repeats: tuple[RepeatFacts, ...] = ()
    pictures: tuple[PictureFacts, ...] = ()
    practice: PracticeFacts = PracticeFacts()
    software: str = ""
