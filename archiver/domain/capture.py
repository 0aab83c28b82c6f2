"""A capture: the evidence that a contributor's browser made of a post.

The manifest follows the Berkeley Protocol (paragraphs 154, 155 and 167) and what FRE 902(13) and
(14) ask for. Unknown fields and naive times are refused: what is signed must mean one thing only.
"""

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from archiver.domain.digest import Sha256Hex
from archiver.domain.instant import Instant
from archiver.domain.post import MIN_TEXT

FILE_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]{0,99}$")
"""Lower case, no path separators: a name can never leave its folder."""

Short = Annotated[str, StringConstraints(max_length=500)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=4096)]


class Completeness(StrEnum):
    """Whether every part of a capture was made."""

    COMPLETE = "COMPLETE"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"


class Grade(StrEnum):
    """Who saw it: the contributor alone, the checker too, or the checker alone."""

    USER_ONLY = "user-only"
    USER_AND_WITNESS = "user+witness"
    WITNESS_ONLY = "witness-only"


class Strict(BaseModel):
    """A part of the manifest: no unknown fields."""

    model_config = ConfigDict(extra="forbid")


class FileEntry(Strict):
    """One uploaded file. `name` is that of the multipart file; `sha256` is of its exact bytes.

    Of an attachment `source_url` says where the page had it from, `description` what the page says
    it shows. A `commitment` belongs to a picture that was masked (`MaskEntry`).
    """

    name: str
    media_type: Short
    size: int = Field(ge=0)
    sha256: Sha256Hex
    role: (
        Literal["screenshot", "context_screenshot", "snapshot", "attachment", "commitment"] | None
    ) = None
    source_url: Address | None = None
    description: Short | None = None

    @field_validator("name")
    @classmethod
    def _safe(cls, name: str) -> str:
        if not FILE_NAME.match(name) or ".." in name:
            raise ValueError("file names are lower-case letters, digits, dot, dash and underscore")
        return name


class PostEntry(Strict):
    """The post as captured. `text` is verbatim, `shown_time` as a reader sees it."""

    text: str = Field(max_length=100_000)
    site: Short | None = None
    post_id: Short | None = None
    parent_id: Short | None = None
    parent_url: Address | None = None
    author: Short | None = None
    author_id: Short | None = None
    shown_time: Short | None = None
    markup_time: Short | None = None
    permalink: Address | None = None

    @field_validator("text")
    @classmethod
    def _long_enough(cls, text: str) -> str:
        folded = " ".join(text.split())
        if not folded:
            raise ValueError("the text is empty")
        if len(folded) < MIN_TEXT:
            raise ValueError("a text of one character cannot identify a post")
        return text


class PageEntry(Strict):
    """Where the post was: the address typed, its canonical form, where it led, and how."""

    url: Address
    canonical_url: Address | None = None
    final_url: Address | None = None
    status: int | None = Field(default=None, ge=100, le=599)
    title: Short | None = None
    path_followed: list[Address] = Field(default_factory=list, max_length=50)


class ThreadEntry(Strict):
    """A post that the captured one answers (`parent`), or an answer to it (`reply`)."""

    relation: Literal["parent", "reply"]
    text: str = Field(max_length=5000)
    author: Short | None = None
    author_id: Short | None = None
    post_id: Short | None = None
    shown_time: Short | None = None
    markup_time: Short | None = None
    permalink: Address | None = None


class MaskEntry(Strict):
    """A picture that was masked before it was sent; its original stays with its owner.

    `tiles` names the file with the salted hashes of all tiles of the original (`TILES.sha256` of
    docs/bundle.md), `salts` that with the salts of the tiles that are shown, in the same form;
    `hidden` tiles are grey in the picture. Nobody who has only these can guess what they hide.
    """

    picture: str
    tiles: str
    salts: str
    hidden: int = Field(ge=1)


class Environment(Strict):
    """The machine and browser that made the capture."""

    browser: Short | None = None
    os: Short | None = None
    extension_version: Short | None = None
    user_agent: str | None = Field(default=None, max_length=1000)
    viewport_width: int | None = Field(default=None, ge=1, le=100_000)
    viewport_height: int | None = Field(default=None, ge=1, le=100_000)
    device_pixel_ratio: str | None = Field(default=None, max_length=20)
    locale: Short | None = None
    time_zone: Short | None = None
    profile: Literal["clean", "live"] | None = None
    logged_in: bool | None = None
    software_commit: Short | None = None
    options: dict[str, str] = Field(default_factory=dict)


class Transformation(Strict):
    """One conversion of a file, with the hashes before and after (Berkeley Protocol 154)."""

    name: Short
    input_sha256: list[Sha256Hex] = Field(default_factory=list, max_length=100)
    output_sha256: Sha256Hex
    detail: str = Field(default="", max_length=2000)


class Manifest(Strict):
    """What the contributor's browser says of a capture; signed as canonical JSON (RFC 8785).

    `clock_offset_ms` is the contributor's clock minus the service's, in milliseconds.
    """

    version: Literal[1] = 1
    capture_id: Short | None = None
    case_id: Short | None = None
    page: PageEntry
    post: PostEntry
    files: list[FileEntry] = Field(min_length=1, max_length=50)
    started_at: Instant
    finished_at: Instant
    clock_offset_ms: int | None = None
    contributor: Short | None = None
    completeness: Completeness = Completeness.COMPLETE
    missing: list[Short] = Field(default_factory=list, max_length=50)
    environment: Environment = Field(default_factory=Environment)
    transformations: list[Transformation] = Field(default_factory=list, max_length=100)
    notes: str = Field(default="", max_length=5000)
    thread: list[ThreadEntry] = Field(default_factory=list, max_length=50)
    masks: list[MaskEntry] = Field(default_factory=list, max_length=2)
    masked_fields: list[Short] = Field(default_factory=list, max_length=50)

    @model_validator(mode="after")
    def _consistent(self) -> "Manifest":
        names = [entry.name for entry in self.files]
        if len(set(names)) != len(names):
            raise ValueError("two files have the same name")
        if self.masks:
            self._check_masks()
        if self.finished_at < self.started_at:
            raise ValueError("finished_at is before started_at")
        if self.completeness is Completeness.PARTIAL and not self.missing:
            raise ValueError("a PARTIAL capture says what is missing")
        return self

    def _check_masks(self) -> None:
        roles = {entry.name: entry.role for entry in self.files}
        committed = [name for mask in self.masks for name in (mask.tiles, mask.salts)]
        if any(roles.get(name) != "commitment" for name in committed):
            raise ValueError("the commitment of a masked picture is not among the files")
        if any(
            roles.get(mask.picture) not in ("screenshot", "context_screenshot")
            for mask in self.masks
        ):
            raise ValueError("only a screenshot can be masked")
        named = [mask.picture for mask in self.masks] + committed
        if len(set(named)) != len(named):
            raise ValueError("two masks name the same file")
        if any(role == "snapshot" for role in roles.values()):
            raise ValueError("a masked capture has no snapshot: it would repeat what is masked")
