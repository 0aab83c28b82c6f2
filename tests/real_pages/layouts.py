"""Small made-up pages of other layouts: what stands around a list, and lists that are hardly one.

Each is a body of mark-up with the posts that a person would count on it, as (author, text).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Post = tuple[str | None, str]
NAMES = ("Ada Ahlgren", "Bo Brandt", "Cleo Carr", "Dan Duval", "Eva Ek", "Finn Falk", "Gil Gomez")
SAID = (
    "The zip broke on the second morning and the shop has not answered any of my letters.",
    "Same here. Three weeks, and then the seam went.",
    "I got mine replaced after a phone call, so it can be done if you insist long enough.",
    "Who pays for the parcel back? That is what I would like to be told before I buy again.",
    "Mine still holds. Perhaps yours was from the first batch that they made in spring.",
    "It is a pity, for the cloth itself is good and the colour has not faded at all.",
    "Never again.",
)
HEBREW = (
    "הרוכסן נשבר כבר בבוקר השני ואף אחד בחנות לא ענה לי על המכתבים ששלחתי.",
    "גם אצלי. שלושה שבועות ואז התפר נפתח.",
    "החליפו לי אחרי שיחת טלפון אחת, אז אפשר אם מתעקשים מספיק זמן.",
    "מי משלם על המשלוח בחזרה? את זה הייתי רוצה לדעת לפני שאקנה שוב.",
)
HEBREW_NAMES = ("דנה לוי", "יוסי כהן", "מיכל ברק", "אורי שלו")
WAITS, WAITING = "Please wait…", frozenset({1, 4})
"""What stands in the stead of posts that are not loaded, and at which places."""
POSTS = list(zip(NAMES, SAID, strict=True))


@dataclass(frozen=True)
class Layout:
    """A page's name, its body, and what is to be read on it; `stones`: places of placeholders,
    `people`: the paths of the authors' own pages, where the page tells them."""

    name: str
    body: str
    posts: Sequence[Post]
    stones: Sequence[int] = ()
    people: Sequence[str | None] = ()


def _each(make: Callable[[int, str, str], str], posts: Sequence[Post] = POSTS) -> str:
    return "\n".join(make(at, name, text) for at, (name, text) in enumerate(posts))


def _iso(at: int) -> str:
    return f"2026-03-{at + 2:02}T1{at}:15:00Z"


def _card(at: int, name: str, text: str) -> str:
    return (
        f'<div class="k3 q8"><div class="r1"><img src="/a/{at}.png" alt=""><a href="/p/{at}x">'
        f'{name}</a><span class="t9">{at + 2} Mar 2026</span></div><div class="z4">{text}</div>'
        '<div class="w2"><button>Like</button><button>Answer</button></div></div>'
    )


def _some_cards(at: int, name: str, text: str) -> str:
    waiting = f'<div class="k3 q8"><div>{WAITS}</div></div>'
    return waiting if at in WAITING else _card(at, name, text)


def _answering(at: int, name: str, text: str) -> str:
    """A few posts name whom they answer, in their head and again in their words."""
    whom = "" if at else '<img src="/i/reply.png" alt="to"><a href="/s/40216">otto</a>'
    return (
        f'<div id="s-{at + 40217}" class="box"><div class="top"><a href="/u/{name[:3]}">{name}</a>'
        f'{whom}</div><div class="said"><article><p>{text}</p></article></div>'
        f'<a class="when" href="/s/{at + 40217}">Mon Mar {at + 2}, 10:15</a></div>'
    )


def _menu(at: int, name: str, text: str) -> str:
    """A name that opens a menu about this post; every other portrait leads to its person."""
    handle = name.split(maxsplit=1)[0].lower()
    menu = f"/u/me?options=/u/{handle};none;/u/{handle}/s/{at + 40217}"
    portrait = f"/u/{handle}" if at % 2 else menu
    return (
        f'<div id="s-{at + 40217}" class="box"><a href="{portrait}"><img src="/a/{at}.png" alt="">'
        f'</a><div class="top"><a href="{menu}">{handle}</a></div><div class="said">{text}</div>'
        f'<a class="when" href="/u/{handle}/s/{at + 40217}">Mon Mar {at + 2}, 10:15</a></div>'
    )


def _comment(at: int, name: str, text: str) -> str:
    return (
        f'<li class="comment" id="comment-{at + 31}"><b class="by">{name}</b> '
        f'<a href="#comment-{at + 31}"><time datetime="{_iso(at)}">{at + 2} March</time></a>'
        f"<p>{text}</p></li>"
    )


def _nested() -> str:
    """A thread ten deep, each answer inside the post that it answers."""
    posts = [(NAMES[at % 7], f"{SAID[at % 7]} ({at})") for at in range(10)]
    whole = ""
    for at, (name, text) in reversed(list(enumerate(posts))):
        whole = (
            f'<div class="n1"><div class="n2"><a href="/who/{name[:3]}">{name}</a> '
            f'<span>{at + 1}h ago</span></div><div class="n3"><p>{text}</p></div>'
            f'<div class="n4">{whole}</div></div>'
        )
    return whole


RELATED = "\n".join(
    f'<li class="teaser"><a href="/news/{at}"><img src="/n/{at}.jpg" alt=""><h3>Eleven ways to '
    f"mend a coat before the winter, part {at}</h3></a>"
    f"<span class='date'>{at % 27 + 1} Feb 2026</span>"
    f"<p>What a tailor from the old town told us about number {at}, and what it costs.</p></li>"
    for at in range(24)
)
PROSE = "<p>The maker of coats has been asked about its zips. It did not say much.</p>" * 6
ADVERT = (
    '<div class="k3 q8 ad"><div class="r1"><a href="https://ads.example/x">Sponsored</a></div>'
    '<div class="z4"><a href="https://ads.example/x">Coats from 49. Free delivery this week.</a>'
    "</div></div>"
)


def _with_adverts() -> str:
    cards = [_card(at, *post) for at, post in enumerate(POSTS)]
    return (
        "<main><div class='g5'>"
        + "".join(card + (ADVERT if at in {1, 4} else "") for at, card in enumerate(cards))
        + "</div></main>"
    )


def _stars(at: int, name: str, text: str) -> str:
    stars = "".join(f'<i class="s {"on" if n <= at % 5 else ""}"></i>' for n in range(5))
    return (
        f'<div class="rv"><div class="rv-l"><div>{name}</div><div>Verified buyer</div></div>'
        f'<div class="rv-r"><div aria-label="{at % 5 + 1} of 5">{stars}</div>'
        f"<div>0{at + 1}/03/2026</div><div>{text}</div>"
        f"<div>Was this helpful? <button>Yes ({at})</button></div></div></div>"
    )


def _table(at: int, name: str, text: str) -> str:
    return (
        f'<tr><td width="20%"><b>{name}</b><br>Posts: {at * 31 + 4}<br>Joined: 2019</td>'
        f"<td><small>Posted: {at + 2:02}.03.2026 1{at}:15</small><hr>{text}</td></tr>"
    )


def _shadow(at: int, name: str, text: str) -> str:
    return (
        '<x-post><template shadowrootmode="open"><div part="h"><a href="/m/'
        f'{at}">{name}</a> <time datetime="{_iso(at)}">{at + 1} d</time></div><div part="b"><p>'
        f"{text}</p></div></template></x-post>"
    )


def _untimed(at: int, name: str, text: str) -> str:
    return f'<div class="comment"><div class="comment-author">{name}</div><p>{text}</p></div>'


def _wall(at: int, name: str, text: str) -> str:
    return (
        f'<div role="article"><h3><a href="/u{at}">{name}</a></h3><a href="/u{at}/posts/9{at}">'
        f"{at + 1}h</a><div dir='auto'>{text}</div></div>"
    )


SIDE = "\n".join(
    f"<li><a href='/t/{at}'>Does anybody know a good tailor for number {at}?</a> "
    f"<span>Olaf, {at + 1} March 2026</span></li>"
    for at in range(12)
)
HEBREWS = list(zip(HEBREW_NAMES, HEBREW, strict=True))

MEMBERS = [(NAMES[at % 7], f"{SAID[at % 7]} ({at})") for at in range(16)]


def _member(at: int, name: str, text: str, *, named: bool = False) -> str:
    """A forum's post: portrait, name and number of posts at its side; most have written as many."""
    own = f' data-author="@{name}"' if named else ""
    return (
        f'<li id="post-{at}" class="post"><div class="side"><a href="/u/{at % 7}/"><img alt="" '
        f'src="/a/{at % 7}.png"></a><div class="who"><a href="/u/{at % 7}/">{name}</a></div>'
        f'<span class="count">{3 if at in (2, 5, 12) else 4} posts</span></div><div class="main">'
        f'<a class="date" href="/p/{at}" title="2 March 2026, 1{at % 10}:15">in March</a>'
        f'<div class="text"><article{own}><p>{text}</p></article></div></div></li>'
    )


def _named_member(at: int, name: str, text: str) -> str:
    return _member(at, name, text, named=True)


HIDDEN = "This post is hidden.\nHidden by Acme"
OWN_WORDS = "This post is hidden, as far as I can tell from my other telephone."


def _stressed(at: int, name: str, text: str) -> str:
    first, second, rest = text.split(" ", 2) if text.count(" ") > 1 else (*text.split(" "), "")
    return _card(at, name, f"<b>{first}</b> <i>{second}</i> {rest}")


def _with_hidden() -> tuple[str, Sequence[Post]]:
    """One post is hidden by the site, which keeps its author's name; one only says so."""
    members = [*MEMBERS[:4], (NAMES[4], HIDDEN), *MEMBERS[5:8], (NAMES[1], OWN_WORDS), *MEMBERS[9:]]
    items = [_member(at, name, text) for at, (name, text) in enumerate(members)]
    words = "<article><p>" + HIDDEN + "</p></article>"
    stone = '<p>This post is hidden.</p><p>Hidden by <a href="/u/9/">Acme</a></p>'
    items[4] = items[4].replace(words, stone).replace('class="text"', 'class="text post-hidden"')
    return f"<ul class='posts'>{''.join(items)}</ul>", members


LAYOUTS = (
    Layout("forum with a hidden post", *_with_hidden(), stones=[4]),
    Layout("stressed words", f"<main>{_each(_stressed)}</main>", POSTS),
    Layout("forum with counts", f"<ul class='posts'>{_each(_member, MEMBERS)}</ul>", MEMBERS),
    Layout(
        "texts that carry their author's name",
        f"<ul class='posts'>{_each(_named_member, MEMBERS)}</ul>",
        MEMBERS,
    ),
    Layout("cards", f"<main>{_each(_card)}</main>", POSTS),
    Layout(
        "nested thread",
        f"<main>{_nested()}</main>",
        [(NAMES[at % 7], f"{SAID[at % 7]} ({at})") for at in range(10)],
    ),
    Layout("adverts between", _with_adverts(), POSTS),
    Layout("review cards", f"<section>{_each(_stars)}</section>", POSTS),
    Layout(
        "bare table",
        f"<table border=1><tr><th>Who</th><th>What</th></tr>{_each(_table)}</table>",
        POSTS,
    ),
    Layout(
        "definition list",
        "<dl>"
        + _each(lambda at, name, text: f"<dt><b>{name}</b> {at + 2} March 2026</dt><dd>{text}</dd>")
        + "</dl>",
        POSTS,
    ),
    Layout("shadow", f"<main>{_each(_shadow)}</main>", POSTS),
    Layout("without times", f"<section id='comments'>{_each(_untimed)}</section>", POSTS),
    Layout(
        "right to left",
        "<main dir='rtl'>"
        + _each(
            lambda at, name, text: (
                f"<div class='m1'><b>{name}</b><i>{at + 2} במרץ 2026</i><div>{text}</div></div>"
            ),
            HEBREWS,
        )
        + "</main>",
        HEBREWS,
    ),
    Layout(
        "one comment",
        f"<article><h1>Coats</h1>{PROSE}</article><h2>1 comment</h2>"
        f"<ol class='commentlist'>{_each(_comment, POSTS[:1])}</ol>",
        POSTS[:1],
    ),
    Layout(
        "no comment",
        f"<article><h1>Coats</h1>{PROSE}</article><h2>No comments yet</h2>"
        "<ol class='commentlist'></ol><form><textarea></textarea><button>Send</button></form>",
        [],
    ),
    Layout(
        "related is longer",
        f"<article><h1>Coats</h1>{PROSE}</article><section><h2>Comments</h2>"
        f"<ol>{_each(_comment, POSTS[:4])}</ol></section>"
        f"<section><h2>Read on</h2><ul>{RELATED}</ul></section>",
        POSTS[:4],
    ),
    Layout(
        "two lists side by side",
        f"<div style='display:flex'><div>{_each(_card)}</div><div><h2>New threads</h2>"
        f"<ul>{SIDE}</ul></div></div>",
        POSTS,
    ),
    Layout(
        "frame in a post's clothes",
        _each(
            lambda at, name, text: (
                f"<table class='t'><tr><td><b>{name}</b></td><td><small>0{at + 1}"
                f"/03/2026</small><div class='c'>{text}</div></td></tr></table>"
            )
        )
        + "<table class='t'><tr><th>Who is online</th></tr><tr><td><ul><li><a href='/m/1'>Olaf</a>"
        "</li><li><a href='/m/2'>Pia</a></li></ul><dl><dt>Most ever</dt><dd>118 on 01/02/2019</dd>"
        "</dl></td></tr></table>",
        POSTS,
    ),
    Layout(
        "posts that are not loaded, in a post's clothes",
        f"<main>{_each(_some_cards)}</main>",
        [(None, WAITS) if at in WAITING else post for at, post in enumerate(POSTS)],
    ),
    Layout("two posts", f"<main>{_each(_card, POSTS[:2])}</main>", POSTS[:2]),
    Layout("a post that names whom it answers", f"<main>{_each(_answering)}</main>", POSTS),
    Layout(
        "names that open a menu",
        f"<main>{_each(_menu)}</main>",
        [(name.split()[0].lower(), text) for name, text in POSTS],
        people=[
            f"/u/{name.split()[0].lower()}" if at % 2 else None for at, name in enumerate(NAMES)
        ],
    ),
    Layout("articles", f"<div role='feed'>{_each(_wall)}</div>", POSTS),
)
