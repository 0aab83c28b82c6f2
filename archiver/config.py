"""Settings: environment `RATURE_*` (nested by `__`) over `rature.toml` over defaults."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings.exceptions import SettingsError as SourceError

from archiver.domain.errors import SettingsError
from archiver.domain.limits import Limits
from archiver.domain.verdict import Policy

CommaList = Annotated[list[str], NoDecode]
PROXY_SCHEMES = frozenset({"http", "https", "socks5", "socks5h"})


class Settings(BaseSettings):
    """All settings. `database_url` and `blobs_url` default to files below `data`."""

    model_config = SettingsConfigDict(
        env_prefix="RATURE_", env_nested_delimiter="__", toml_file="rature.toml", extra="forbid"
    )

    data: Path = Path("data")
    database_url: str = ""
    blobs_url: str = ""
    public_url: str = "http://127.0.0.1:8787"
    tsa_urls: CommaList = []
    tsa_roots: CommaList = []
    tsa_qualified: CommaList = []
    tsa_policies: CommaList = []
    tsa_max_accuracy: float = Field(default=1.0, gt=0)
    ots_calendars: CommaList = []
    witnesses: CommaList = []
    accept_clock: bool = False
    chromium: Path | None = None
    allow_private_hosts: CommaList = []
    no_sandbox: bool = False
    proxy_urls: CommaList = Field(default=[], repr=False)
    proxy_user_agent: str = ""
    proxy_locale: str = Field(default="en-GB", pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")
    proxy_look_every: float = Field(default=86_400.0, ge=0)
    plain_looks: bool = True
    embedded_worker: bool = True
    exhibits: bool = True
    concurrent_visits: int = Field(default=2, ge=1, le=64)
    host_pause: float = Field(default=2.0, ge=0)
    visits_per_day: int = Field(default=144, ge=0, le=1440)
    retention_days: int = Field(default=0, ge=0, le=36_500)
    policy: Policy = Policy()
    limits: Limits = Limits()

    @field_validator(
        "tsa_urls",
        "tsa_roots",
        "tsa_qualified",
        "tsa_policies",
        "ots_calendars",
        "witnesses",
        "allow_private_hosts",
        "proxy_urls",
        mode="before",
    )
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator("tsa_urls", "ots_calendars")
    @classmethod
    def _addresses(cls, values: list[str]) -> list[str]:
        for value in values:
            parts = urlsplit(value)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise ValueError(f"{value!r} is not an http(s) address")
        return values

    @field_validator("proxy_urls")
    @classmethod
    def _network_paths(cls, values: list[str]) -> list[str]:
        for place, value in enumerate(values, start=1):
            try:
                parts = urlsplit(value)
                fits = parts.scheme in PROXY_SCHEMES and bool(parts.hostname)
                fits = fits and (parts.port is None or parts.port > 0)
            except ValueError:
                fits = False
            if not fits:
                # It may hold a password: it is told by its place, not shown.
                raise ValueError(f"number {place} is not http://, https:// or socks5://HOST:PORT")
        return values

    @field_validator("tsa_qualified")
    @classmethod
    def _among_the_authorities(cls, values: list[str], info: ValidationInfo) -> list[str]:
        for value in values:
            if value not in info.data.get("tsa_urls", values):
                raise ValueError(f"{value!r} is not among RATURE_TSA_URLS")
        return values

    @field_validator("tsa_policies")
    @classmethod
    def _identifiers(cls, values: list[str]) -> list[str]:
        for value in values:
            if not re.fullmatch(r"[0-2](\.(0|[1-9][0-9]*))+", value, re.ASCII):
                raise ValueError(f"{value!r} is not an identifier like 0.4.0.2023.1.1")
        return values

    @field_validator("witnesses")
    @classmethod
    def _keys_at_addresses(cls, values: list[str]) -> list[str]:
        for value in values:
            key, _, address = value.rpartition("@")
            parts = urlsplit(address)
            if not key or parts.scheme not in {"http", "https"} or not parts.hostname:
                raise ValueError(f"{value!r} is not VKEY@https://ADDRESS, as `rature witness` says")
        return values

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise ValueError(f"{value!r} is not an address like https://rature.example")
        return value.rstrip("/")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - no .env file is read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - nor secret files
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment first, then `rature.toml` of the working directory."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def database(self) -> str:
        """The database's address; SQLite below `data` unless set."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'rature.db'}"

    @property
    def blobs(self) -> str:
        """The blob store's address; a folder below `data` unless set."""
        return self.blobs_url or f"file://{self.data.resolve() / 'blobs'}"

    @property
    def on_sqlite(self) -> bool:
        """True for the embedded database (one process only)."""
        return self.database.startswith("sqlite")


def load_settings(**overrides: Any) -> Settings:
    """Reads the settings.

    Raises:
        SettingsError: a value cannot work; the message names the setting and what is wrong.
    """
    try:
        return Settings(**overrides)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"rature.toml is not TOML: {error}") from error
    except SourceError as error:
        raise SettingsError(f"a setting cannot be read: {error}") from error
    except ValidationError as error:
        lines = [
            f"RATURE_{'__'.join(str(part) for part in item['loc']).upper()}: {item['msg']}"
            for item in error.errors()
        ]
        raise SettingsError("; ".join(lines)) from error
