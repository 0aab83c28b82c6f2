"""How the checker looks: everything it is told from outside, in one place."""

from dataclasses import dataclass

from archiver.checker.gate import AddressPolicy
from archiver.domain.instant import Clock

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class CheckerOptions:
    """Settings of a checker. Times in seconds, sizes in bytes or CSS pixels.

    `executable` is a path to Chromium; None takes the one that is found. `user_agent` None keeps
    the browser's own, without the word that marks a headless one. `vantage_id` names the network
    path. `patience` is how long a page without any post gets to show one. Of the answers
    to a visit `record_bytes` are recorded (0: nothing is), of a single one `record_body_bytes`.
    """

    policy: AddressPolicy
    clock: Clock
    executable: str | None = None
    no_sandbox: bool = False
    user_agent: str | None = None
    locale: str = "en-US"
    viewport: tuple[int, int] = (1280, 900)
    vantage_id: str = "default"
    page_seconds: float = 30.0
    visit_seconds: float = 120.0
    patience: float = 6.0
    max_bytes: int = 100 * MEGABYTE
    max_pages: int = 12
    max_picture_height: int = 20_000
    record_bytes: int = 25 * MEGABYTE
    record_body_bytes: int = 8 * MEGABYTE
