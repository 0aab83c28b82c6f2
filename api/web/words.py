"""Plain words for verdicts and looks.

The wording never says who acted unless there is positive evidence, and never "deleted by the
brand": a post is "no longer publicly visible" between two moments.
"""

from dataclasses import dataclass

from archiver.checker.health import Expected
from archiver.domain.observation import Actor, NoticeKind, Reason, Sighting
from archiver.domain.verdict import Level, State


def N_(message: str) -> str:  # noqa: N802 - gettext's customary name for marking a message
    """Marks a message for translation; it is translated where it is shown."""
    return message


@dataclass(frozen=True)
class Words:
    """A short title, one sentence, and a tone (`calm`, `doubt`, `alarm` or `quiet`)."""

    title: str
    sentence: str
    tone: str


STATES = {
    State.VISIBLE: Words(N_("Visible"), N_("Anybody can see this post."), "calm"),
    State.EDITED: Words(
        N_("Changed"), N_("The post is still there, but with another text."), "alarm"
    ),
    State.COLLAPSED: Words(
        N_("Folded away"),
        N_("The post is still there, but only for those who unfold it or know its address."),
        "doubt",
    ),
    State.TOMBSTONED: Words(
        N_("Replaced by a notice"), N_("A notice stands where the post was."), "alarm"
    ),
    State.HIDDEN: Words(
        N_("Hidden from others"),
        N_("Its author still sees the post; the public no longer does."),
        "alarm",
    ),
    State.PENDING: Words(
        N_("Not published so far"),
        N_("Its author sees the post; no public look ever did."),
        "doubt",
    ),
    State.WITHDRAWN: Words(
        N_("Withdrawn by its author"), N_("The author says that they took it down."), "quiet"
    ),
    State.PARENT_GONE: Words(
        N_("Page gone"), N_("The page that the post answered is gone as a whole."), "doubt"
    ),
    State.WALL_GONE: Words(N_("Wall gone"), N_("The whole wall is gone."), "doubt"),
    State.AUTHOR_GONE: Words(
        N_("Author gone"), N_("The author's account and posts are gone."), "doubt"
    ),
    State.DISPUTED: Words(
        N_("Disputed"), N_("Looks disagree with each other; nothing is claimed."), "doubt"
    ),
    State.RESTORED: Words(
        N_("Visible again"), N_("The post had vanished and can be seen again."), "calm"
    ),
    State.INDETERMINATE: Words(
        N_("Not known"), N_("No look so far could tell. Nothing is claimed."), "quiet"
    ),
}
REMOVED = {
    Level.SUSPECTED: Words(
        N_("Perhaps gone"),
        N_("One valid look did not find the post. Rature looks again before it says more."),
        "doubt",
    ),
    Level.LIKELY: Words(
        N_("Probably gone"), N_("Several valid looks in a row did not find the post."), "alarm"
    ),
    Level.CONFIRMED: Words(
        N_("No longer publicly visible"),
        N_("Looks over time did not find the post, while its neighbours were there."),
        "alarm",
    ),
}
LEVELS = {
    Level.SUSPECTED: N_("suspected"),
    Level.LIKELY: N_("likely"),
    Level.CONFIRMED: N_("confirmed"),
}
SIGHTINGS = {
    Sighting.PRESENT: N_("seen"),
    Sighting.MOVED: N_("seen at another address"),
    Sighting.EDITED: N_("seen with another text"),
    Sighting.COLLAPSED: N_("seen, folded away"),
    Sighting.CONCEALED: N_("in the page, but nobody can see it"),
    Sighting.TOMBSTONE: N_("a notice in its place"),
    Sighting.ABSENT: N_("not there"),
    Sighting.PARENT_GONE: N_("the page it answered is gone"),
    Sighting.WALL_GONE: N_("the wall is gone"),
    Sighting.AUTHOR_GONE: N_("its author is gone"),
}
REASONS = {
    Reason.LOGIN_WALL: N_("the site asked for a login"),
    Reason.CHALLENGE: N_("the site asked for a proof of being human"),
    Reason.RATE_LIMITED: N_("the site asked for fewer visits"),
    Reason.CONSENT_WALL: N_("a consent page covered the wall"),
    Reason.GEO_BLOCKED: N_("the site refuses this country"),
    Reason.NOT_RENDERED: N_("the page stayed empty"),
    Reason.INCOMPLETE: N_("too few known neighbours were seen to be sure"),
    Reason.STALE_CACHE: N_("the site answered with an old copy"),
    Reason.SERVER_ERROR: N_("the site answered with an error"),
    Reason.NETWORK_ERROR: N_("the site could not be reached"),
    Reason.CHECKER_FAULT: N_("Rature's own checker failed"),
}
ACTORS = {
    Actor.AUTHOR: N_("the author"),
    Actor.MODERATOR: N_("a moderator"),
    Actor.PLATFORM: N_("the platform"),
    Actor.UNKNOWN: N_("unknown"),
}
NOTICES = {
    NoticeKind.WITHDRAWN: N_("I deleted it myself"),
    NoticeKind.REASONS_GIVEN: N_("I was told why it was removed"),
    NoticeKind.OTHER: N_("Something else"),
    NoticeKind.RETRACTED: N_("I take back what I said before"),
}
GRADES = {
    "user-only": N_("seen by the contributor"),
    "user+witness": N_("seen by the contributor and by an independent look"),
    "witness-only": N_("seen by Rature's own looks"),
}


EXPECTED = {
    Expected.LIVE: N_("certainly there"),
    Expected.REMOVED: N_("certainly gone"),
}


def outcome_words(outcome: str) -> str:
    """The words for a sighting, or for the reason of an invalid look."""
    if outcome in set(Sighting):
        return SIGHTINGS[Sighting(outcome)]
    return REASONS[Reason(outcome)] if outcome in set(Reason) else outcome


def verdict_words(state: str, level: str | None) -> Words:
    """Title, sentence and tone for a verdict as the service gives it."""
    if state == State.REMOVED:
        return REMOVED[Level(level or Level.SUSPECTED)]
    return STATES[State(state)]
