"""How the checker looks: everything it is told from outside, in one place."""

from dataclasses import dataclass, replace

from archiver.checker.gate import AddressPolicy
from archiver.checker.upstream import Upstream
from archiver.domain.errors import InvalidInput
from archiver.domain.instant import Clock
from archiver.domain.look import DEFAULT_VANTAGE

MEGABYTE = 1_000_000
OTHER_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{major}.0.0.0 Safari/537.36"
)
OTHER_LOCALE = "en-GB"
"""Another locale of the same language: a page in another language would not be the same text."""


@dataclass(frozen=True)
class NetworkPath:
    """A further public vantage: its id in the looks, and how it differs from the default one."""

    id: str
    upstream: Upstream
    user_agent: str = OTHER_AGENT
    locale: str = OTHER_LOCALE


@dataclass(frozen=True)
class CheckerOptions:
    """Settings of a checker. Times in seconds, sizes in bytes or CSS pixels.

    `executable` is a path to Chromium; None takes the one that is found. `user_agent` None keeps
    the browser's own, without the word that marks a headless one; `{major}` in it stands for the
    browser's version. `vantage_id` names the network path, `upstream` is the proxy that it takes
    (None: it dials directly), `paths` are further ones. `patience` is how long a page without any
    post gets to show one. `further_pages` are asked beside the wall at the most, for all its posts
    together. Of the answers to a visit `record_bytes` are recorded (0: nothing is), of a single one
    `record_body_bytes`.
    """

    policy: AddressPolicy
    clock: Clock
    executable: str | None = None
    no_sandbox: bool = False
    user_agent: str | None = None
    locale: str = "en-US"
    viewport: tuple[int, int] = (1280, 900)
    vantage_id: str = DEFAULT_VANTAGE
    upstream: Upstream | None = None
    paths: tuple[NetworkPath, ...] = ()
    page_seconds: float = 30.0
    visit_seconds: float = 120.0
    patience: float = 6.0
    max_bytes: int = 100 * MEGABYTE
    max_pages: int = 12
    further_pages: int = 30
    max_picture_height: int = 20_000
    record_bytes: int = 25 * MEGABYTE
    record_body_bytes: int = 8 * MEGABYTE

    def by(self, vantage_id: str) -> "CheckerOptions":
        """The same, looking from another vantage.

        Raises:
            InvalidInput: no such network path is configured.
        """
        if vantage_id == self.vantage_id:
            return self
        for path in self.paths:
            if path.id == vantage_id:
                return replace(
                    self,
                    vantage_id=path.id,
                    upstream=path.upstream,
                    user_agent=path.user_agent,
                    locale=path.locale,
                )
        raise InvalidInput(f"no network path is called {vantage_id}")
