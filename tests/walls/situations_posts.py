"""What may happen to a post itself, and what is then to be said of it."""

from collections.abc import Callable

from tests.walls.simulated import WITH_OWN_PAGES
from tests.walls.story import Change, Phase, Situation, Story

LIVE = Phase(0, "present", "visible (0,-]")
GONE = Phase(10, "absent", "removed/suspected silent unknown (0,10]", Story.remove)
STONES = {
    "moderator": (
        "This comment was removed by a moderator.",
        "Ce commentaire a été supprimé par un modérateur.",
        "Dieser Beitrag wurde von einem Moderator gelöscht.",
        "モデレーターによって削除されました",
        "Сообщение удалено модератором.",
        "حذفه المشرف",
    ),
    "author": (
        "This comment was deleted by its author.",
        "Message supprimé par son auteur",
        "Diese Nachricht wurde vom Autor gelöscht.",
        "作者已删除",
        "작성자가 삭제한 댓글입니다",
    ),
    "platform": (
        "This post violated the X Rules.",
        "Removed by Reddit.",
        "This video has been removed by YouTube",
    ),
    "unknown": (
        "[deleted]",
        "Cette publication a été supprimée.",
        "该评论已被删除",
        "תגובה זו נמחקה",
        "यह टिप्पणी हटा दी गई है",
    ),
}
WAYS = ("display", "visibility", "opacity", "off_page", "clip", "zero", "colour")


def set_post(**fields: object) -> Change:
    """Changes fields of the watched post."""

    def change(story: Story) -> None:
        for name, value in fields.items():
            setattr(story.post, name, value)

    return change


def rewrite(make: Callable[[str], str]) -> Change:
    """Gives the watched post another text, made of its own."""

    def change(story: Story) -> None:
        story.post.text = make(story.post.text)

    return change


def _stones(actor: str) -> Situation:
    phases = [
        Phase(
            10 * (at + 1),
            f"tombstone:{actor}",
            f"tombstoned {actor} (0,10]",
            set_post(stone=wording),
        )
        for at, wording in enumerate(STONES[actor])
    ]
    return Situation(f"tombstone of {actor}", [LIVE, *phases], quick=4)


def _hidden_ways() -> Situation:
    suspected, likely = (f"hidden/{x} silent unknown (0,10]" for x in ("suspected", "likely"))
    levels = ["visible (0,-]", *[suspected] * (len(WAYS) - 2), likely]
    phases = [
        Phase(10 * (at + 1), "concealed", level, set_post(hidden=way))
        for at, (way, level) in enumerate(zip(WAYS, levels, strict=True))
    ]
    return Situation("hidden by style in seven ways", [LIVE, *phases], quick=4)


def _quote(story: Story) -> None:
    text = story.post.text
    story.remove()
    story.write("Zoe Zander", f"Somebody wrote: {text} Where is it now?")


def _repost(story: Story) -> None:
    text = story.post.text
    story.remove()
    story.write("Yann Yver", text)


def _into_script(story: Story) -> None:
    story.wall.in_script = [story.post]
    story.remove()


def _lookalikes(text: str) -> str:
    for latin, other in (("a", "а"), ("e", "е"), ("o", "о")):
        text = text.replace(latin, other)
    return text.replace(" ", "\u200b ")


def _visible_to(*viewers: str) -> Change:
    return set_post(only_for=frozenset(viewers))


def _stranger_says_removed(story: Story) -> None:
    story.beside(1).text = "This post has been removed."
    story.write("Zoe Zander", "This comment was removed by a moderator.")


def _gone_and_stranger(story: Story) -> None:
    story.remove()
    story.write("Yann Yver", "This post has been removed.")


def _two_ends(story: Story) -> None:
    story.number = 101


def _ids(story: Story) -> None:
    story.wall.id_step = 1000


SECOND = Phase(20, "absent", "removed/suspected silent unknown (0,10]")
THIRD = Phase(75, "absent", "removed/likely silent unknown (0,10]")
LATE = Phase(1500, "absent", "removed/confirmed silent unknown (0,10]")


def _own_pages_redirected(story: Story) -> None:
    story.wall.own_pages = "redirected"
    story.remove()


def _gone_410(story: Story) -> None:
    story.wall.gone_status = 410
    story.remove()


POSTS: list[Situation] = [
    Situation(
        "live",
        [
            LIVE,
            Phase(10, "present", "visible (10,-]"),
            Phase(
                45,
                "present",
                "visible (45,-]",
                lambda s: [s.write(f"New {n}", f"Number {n}: my bag came apart.") for n in "12"],
            ),
        ],
    ),
    Situation("deleted", [LIVE, GONE, SECOND, THIRD, LATE]),
    Situation(
        "deleted, its own page answers 410",
        [
            LIVE,
            Phase(10, "absent", "removed/suspected silent unknown (0,10]", _gone_410),
            SECOND,
            THIRD,
            LATE,
        ],
        quick=2,
    ),
    Situation(
        "deleted, every own page leads back to the wall",
        [
            LIVE,
            Phase(10, "absent", "removed/suspected silent unknown (0,10]", _own_pages_redirected),
            SECOND,
            THIRD,
            Phase(1500, "absent", "removed/likely silent unknown (0,10]"),
        ],
        kinds=WITH_OWN_PAGES,
    ),
    Situation(
        "the first of all posts is deleted",
        [LIVE, GONE],
        begin=_two_ends,
    ),
    *[_stones(actor) for actor in STONES],
    Situation(
        "tombstone in no known words",
        [
            LIVE,
            Phase(
                10,
                "tombstone:unknown",
                "tombstoned unknown (0,10]",
                set_post(stone="Iruzkin hau kendu egin da"),
            ),
        ],
    ),
    Situation(
        "tombstone that is cleared away",
        [
            LIVE,
            Phase(
                10,
                "tombstone:moderator",
                "tombstoned moderator (0,10]",
                set_post(stone=STONES["moderator"][0]),
            ),
            Phase(20, "absent", "tombstoned moderator (0,10]", Story.remove),
        ],
    ),
    Situation(
        "hidden from the public, its author still sees it",
        [
            LIVE,
            Phase(
                10,
                "absent",
                "removed/suspected silent unknown (0,10]",
                _visible_to("author"),
            ),
            Phase(12, "present", "removed/suspected silent unknown (0,10]", by="author"),
            Phase(20, "absent", "hidden/suspected silent unknown (0,10]"),
            Phase(75, "absent", "hidden/likely silent unknown (0,10]"),
            Phase(1490, "present", "hidden/likely silent unknown (0,10]", by="author"),
            Phase(1500, "absent", "hidden/confirmed silent unknown (0,10]"),
        ],
    ),
    Situation(
        "never public",
        [
            Phase(0, "present", "indeterminate (-,-]", by="author"),
            Phase(1, "absent", "pending (-,-]"),
            Phase(1500, "absent", "pending (-,-]"),
        ],
        begin=_visible_to("author"),
    ),
    Situation(
        "published late",
        [
            Phase(0, "present", "indeterminate (-,-]", by="author"),
            Phase(1, "absent", "pending (-,-]"),
            Phase(60, "present", "visible (60,-]", set_post(only_for=None)),
        ],
        begin=_visible_to("author"),
    ),
    Situation(
        "deleted, then restored",
        [
            LIVE,
            Phase(10, "absent", "removed/suspected silent unknown (0,10]", _visible_to("nobody")),
            SECOND,
            THIRD,
            Phase(200, "present", "restored (200,-] w1", set_post(only_for=None)),
            Phase(300, "present", "restored (300,-] w1"),
        ],
    ),
    Situation(
        "an old replica answers now and then",
        [
            LIVE,
            Phase(10, "absent", "removed/suspected silent unknown (0,10]", _visible_to("nobody")),
            Phase(20, "present", "visible (20,-] w1", set_post(only_for=None)),
            Phase(30, "absent", "disputed (20,30] w2", _visible_to("nobody")),
            Phase(40, "present", "disputed (40,-] w2", set_post(only_for=None)),
            Phase(50, "absent", "disputed (40,50] w3", _visible_to("nobody")),
            Phase(120, "absent", "disputed (40,50] w3"),
            Phase(1500, "absent", "removed/confirmed silent unknown (40,50] w3"),
        ],
        quick=5,
    ),
    Situation(
        "three characters edited",
        [
            LIVE,
            Phase(
                10,
                "edited",
                "edited unknown (10,-]",
                lambda s: setattr(s.post, "text", s.post.text[:-4] + "!?!" + s.post.text[-1]),
            ),
        ],
    ),
    Situation(
        "edited until nothing is left of it",
        [
            LIVE,
            Phase(10, "edited", "edited unknown (10,-]", set_post(text="All well now, thank you.")),
        ],
    ),
    Situation(
        "ids that change at each load",
        [
            LIVE,
            Phase(10, "present", "visible (10,-]"),
            Phase(20, "absent", "removed/suspected silent unknown (10,20]", Story.remove),
        ],
        begin=_ids,
    ),
    Situation(
        "quoted in a reply",
        [LIVE, Phase(10, "absent", "removed/suspected silent unknown (0,10]", _quote)],
    ),
    Situation(
        "the same text by another author",
        [LIVE, Phase(10, "absent", "removed/suspected silent unknown (0,10]", _repost)],
    ),
    _hidden_ways(),
    Situation(
        "only in a script",
        [LIVE, Phase(10, "absent", "removed/suspected silent unknown (0,10]", _into_script)],
    ),
    Situation(
        "truncated",
        [LIVE, Phase(10, "present", "visible (10,-]", set_post(shortened=True))],
    ),
    Situation(
        "collapsed",
        [LIVE, Phase(10, "collapsed", "collapsed (10,-]", set_post(folded=True))],
    ),
    Situation(
        "a visitor writes that it was removed",
        [
            LIVE,
            Phase(10, "present", "visible (10,-]", _stranger_says_removed),
            Phase(20, "absent", "removed/suspected silent unknown (10,20]", _gone_and_stranger),
        ],
    ),
    Situation(
        "look-alike letters and invisible characters",
        [LIVE, Phase(10, "present", "visible (10,-]", rewrite(_lookalikes))],
    ),
    Situation(
        "picture encoded anew",
        [
            LIVE,
            Phase(10, "present", "visible (10,-]", set_post(picture=2)),
            Phase(20, "absent", "removed/suspected silent unknown (10,20]", Story.remove),
        ],
        begin=set_post(picture=1),
    ),
    Situation(
        "its author takes another name",
        [LIVE, Phase(10, "present", "visible (10,-]", set_post(author="Somebody Renamed"))],
    ),
    Situation(
        "withdrawn by its author",
        [LIVE, GONE, Phase(12, "withdrawn", "withdrawn author (0,10]", by="withdrawn")],
    ),
    Situation(
        "its author is given reasons",
        [
            LIVE,
            GONE,
            Phase(12, "reasons_given", "removed/suspected unknown (0,10]", by="reasons_given"),
            Phase(75, "absent", "removed/suspected unknown (0,10]"),
        ],
    ),
]
