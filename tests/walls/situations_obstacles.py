"""What may stand between a visitor and a wall: each is an invalid look with its reason."""

from tests.walls.situations_posts import LIVE
from tests.walls.story import Change, Phase, Situation, Story


def now(situation: str, **viewers: str) -> Change:
    """The site's situation from here on; for single viewers another."""

    def change(story: Story) -> None:
        story.wall.situation = situation
        story.wall.situations = viewers

    return change


def both(*changes: Change) -> Change:
    """One after the other."""

    def change(story: Story) -> None:
        for one in changes:
            one(story)

    return change


def set_wall(**fields: object) -> Change:
    """Changes fields of the wall."""

    def change(story: Story) -> None:
        for name, value in fields.items():
            setattr(story.wall, name, value)

    return change


def _in_the_way(name: str, situation: str, reason: str) -> Situation:
    """Twice behind the obstacle, the post being there; then it is deleted behind it."""
    return Situation(
        name,
        [
            LIVE,
            Phase(10, f"!{reason}", "visible (0,-]", now(situation)),
            Phase(20, f"!{reason}", "visible (0,-]", Story.remove),
            Phase(30, "absent", "removed/suspected silent unknown (0,30]", now("live")),
        ],
        quick=2,
    )


def _in_place_of_some(words: str | None) -> Change:
    """Words that stand where the post is, and where every eighth before and after it is."""

    def change(story: Story) -> None:
        for post in story.wall.posts:
            if (post.number - story.number) % 8 == 0:
                post.stone = words

    return change


IN_THE_WAY = [
    _in_the_way("sent to a log-in", "login_redirect", "login_wall"),
    _in_the_way("log-in in its place", "login_in_place", "login_wall"),
    _in_the_way("log-in after two posts", "login_after_two", "login_wall"),
    _in_the_way("captcha with status 200", "captcha", "challenge"),
    _in_the_way("challenge with status 503", "cloudflare", "challenge"),
    _in_the_way("refused with status 403", "forbidden", "challenge"),
    _in_the_way("too many visits", "rate_limited", "rate_limited"),
    _in_the_way("a silently short list", "short", "rate_limited"),
    _in_the_way("consent in its place", "consent_in_place", "consent_wall"),
    _in_the_way("consent before it, without a refusal", "consent_over", "consent_wall"),
    _in_the_way("withheld in this country", "geo", "geo_blocked"),
    _in_the_way("no database", "database_error", "server_error"),
    _in_the_way("bad gateway", "bad_gateway", "server_error"),
    _in_the_way("an empty shell", "shell", "not_rendered"),
    _in_the_way("an empty page", "empty", "not_rendered"),
    _in_the_way("sent home instead of not found", "redirect_home", "not_rendered"),
    _in_the_way("the whole site is not found", "site_gone", "server_error"),
    _in_the_way("connection cut", "drop", "network_error"),
]
IN_PLACE_OF_SOME = [
    Situation(
        "some posts not loaded, or not without logging in",
        [
            LIVE,
            Phase(10, "!not_rendered", "visible (0,-]", _in_place_of_some("Loading…")),
            Phase(20, "!login_wall", "visible (0,-]", _in_place_of_some("Log in to read this.")),
            Phase(30, "present", "visible (30,-]", _in_place_of_some(None)),
            Phase(40, "absent", "removed/suspected silent unknown (30,40]", Story.remove),
        ],
        begin=set_wall(own_pages="none"),
        quick=3,
    ),
]
