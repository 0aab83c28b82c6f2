"""Upper bounds of what is accepted."""

from pydantic import BaseModel, ConfigDict, Field

MIB = 1024 * 1024


class Limits(BaseModel):
    """Bytes, pixels and counts; `requests_per_minute` is for each caller. `recording_bytes` are
    kept of what the pages of one visit were answered; 0: no recording."""

    model_config = ConfigDict(extra="forbid")

    picture_bytes: int = Field(default=25 * MIB, ge=1)
    picture_pixels: int = Field(default=120_000_000, ge=1)
    snapshot_bytes: int = Field(default=25 * MIB, ge=1)
    attachment_bytes: int = Field(default=25 * MIB, ge=1)
    attachments: int = Field(default=20, ge=0)
    manifest_bytes: int = Field(default=1 * MIB, ge=1)
    recording_bytes: int = Field(default=25 * MIB, ge=0)
    request_bytes: int = Field(default=150 * MIB, ge=1)
    requests_per_minute: int = Field(default=3000, ge=1)
