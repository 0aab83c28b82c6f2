"""The wall as an old forum's thread: a table a post, pages by offset, an own page by number."""

from collections.abc import Sequence
from html import escape

from tests.walls.sim_markup import PAGE, behind_a_click, page, style_of, words_of
from tests.walls.sim_posts import SimPost


def forum(posts: Sequence[SimPost], start: int, extra: str = "") -> str:
    """The part of the thread that begins at an offset."""
    rows = "".join(_post(post) for post in posts[start : start + PAGE])
    links = " ".join(
        f"<b>{n // PAGE + 1}</b>" if n == start else f"<a href='{_part(n)}'>{n // PAGE + 1}</a>"
        for n in range(0, max(len(posts), 1), PAGE)
    )
    return page(
        "<table width='100%'><tr><td class='nav'><a href='/'>Index</a> &raquo; Complaints</td>"
        f"<td align='right'>Pages: {links}</td></tr></table>"
        f"<div id='posts'>{rows}</div><p class='nav'>Pages: {links}</p>{extra}"
    )


def _part(start: int) -> str:
    return f"/wall?start={start}" if start else "/wall"


def _post(post: SimPost) -> str:
    if post.stone is not None:
        return (
            f"<table class='tborder' id='post{post.number}' width='100%'>"
            f"<tr><td class='alt1' colspan='2'><i>{escape(post.stone)}</i></td></tr></table>"
        )
    item = (
        f"<table class='tborder' id='post{post.number}' width='100%'{style_of(post)}>"
        f"<tr><td class='thead' colspan='2'>{post.at:%d-%m-%Y, %H:%M} "
        f"<span style='float:right'>#<a href='/showpost?p={post.number}'>{post.number}</a></span>"
        "</td></tr>"
        f"<tr valign='top'><td class='alt2' width='175'><a class='bigusername' "
        f"href='/people/{post.slug}'>{escape(post.author)}</a><br>"
        "<small>Member<br>Posts: 12</small></td>"
        f"<td class='alt1' id='td_post_{post.number}'><div id='post_message_{post.number}'>"
        f"{words_of(post)}</div></td></tr>"
        f"<tr><td class='alt2'>&nbsp;</td><td class='alt1' align='right'>"
        f"<a href='/reply?p={post.number}' rel='nofollow'>Quote</a></td></tr></table>"
    )
    return behind_a_click(post, item, "div")


def showpost(post: SimPost) -> str:
    """A post's own page."""
    return page(f"<div id='posts'>{_post(post)}</div>")
