"""The brand's site, and its wall as a blog's comments and as div soup.

blog: semantic comments with ids, over numbered pages, no pages of their own. soup: nothing but
`div`, no ids, class names that change at each load, each post with a page of its own. The other
kinds are in `sim_forum` and `sim_client`.
"""

import secrets
from collections.abc import Sequence
from html import escape

from tests.walls.sim_posts import SimPost

PAGE = 10
HIDDEN = {
    "display": "display:none",
    "visibility": "visibility:hidden",
    "opacity": "opacity:0",
    "off_page": "position:absolute;left:-9999px",
    "clip": "position:absolute;clip:rect(0,0,0,0);overflow:hidden",
    "zero": "display:block;height:0;overflow:hidden",
    "colour": "color:#fff",
}
HEAD = (
    "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>Acme wall</title>"
    "<style>body{{font:16px sans-serif;background:#fff;color:#111}}</style></head><body>"
    "<header><a href='/'>Acme</a> <a href='/wall'>Wall</a> <a href='/shop'>Shop</a></header>"
    "<h1>Tell us how we did</h1>{body}<footer>Acme, 12 Shoe Street</footer></body></html>"
)
FOLD = "onclick=\"this.nextElementSibling.hidden=false;this.setAttribute('aria-expanded','true')\""


def page(body: str) -> str:
    """A whole page of the brand's site."""
    return HEAD.format(body=body)


def style_of(post: SimPost) -> str:
    """The style attribute that hides a post from people."""
    return f' style="{HIDDEN[post.hidden]}"' if post.hidden else ""


def words_of(post: SimPost) -> str:
    """A post's words, the end behind "See more" if it is shortened, its picture after them."""
    picture = f"<img src='/pic/{post.number}-{post.picture}.png' alt=''>" if post.picture else ""
    text = post.words
    if not post.shortened:
        return escape(text) + picture
    half = len(text) // 2
    return (
        f"<span>{escape(text[:half])}<span>…</span></span>"
        f"<span hidden>{escape(text[half:])}</span>"
        "<span role='button' tabindex='0' onclick=\"this.previousElementSibling.hidden=false;"
        "this.previousElementSibling.previousElementSibling.lastElementChild.remove();"
        f'this.remove()">See more</span>{picture}'
    )


def behind_a_click(post: SimPost, item: str, tag: str, inner: str = "div") -> str:
    """The item, folded away behind a button if the site folds it."""
    if not post.folded:
        return item
    return (
        f"<{tag}><button aria-expanded='false' {FOLD}>1 more comment</button>"
        f"<{inner} hidden>{item}</{inner}></{tag}>"
    )


def advert(number: int) -> str:
    """Another one at each load."""
    return (
        f"<aside class='ad'><a href='/shop/{number}'>Shoe number {number}, now 20 % off</a></aside>"
    )


def blog(posts: Sequence[SimPost], number: int, extra: str = "") -> str:
    """One of the numbered pages."""
    last = max(1, -(-len(posts) // PAGE))
    shown = posts[(number - 1) * PAGE : number * PAGE]
    links = "".join(
        f"<span>{n}</span> " if n == number else f"<a href='/wall?page={n}'>{n}</a> "
        for n in range(1, last + 1)
    )
    items = "".join(_comment(post) for post in shown)
    return page(f"<ol class='comment-list'>{items}</ol><div class='pager'>{links}</div>{extra}")


def _comment(post: SimPost) -> str:
    if post.stone is not None:
        return f"<li id='comment-{post.number}' class='comment'><p>{escape(post.stone)}</p></li>"
    children = "".join(_comment(reply) for reply in post.replies)
    nested = f"<ol class='children'>{children}</ol>" if children else ""
    item = (
        f"<li id='comment-{post.number}' class='comment'{style_of(post)}><article>"
        f"<footer><b class='fn'><a href='/people/{post.slug}'>{escape(post.author)}</a></b> "
        f"<span>says:</span> "
        f"<a href='/wall#comment-{post.number}'><time datetime='{post.at.isoformat()}'>"
        f"{post.at:%d %B %Y at %H:%M}</time></a></footer>"
        f"<div class='comment-content'><p>{words_of(post)}</p></div>"
        f"<div class='reply'><a href='/wall?replytocom={post.number}' rel='nofollow'>Reply</a>"
        "</div>"
        f"</article>{nested}</li>"
    )
    return behind_a_click(post, item, "li", "ol")


def soup(posts: Sequence[SimPost], extra: str = "") -> str:
    """All posts on one page, in div soup with names that change at each load."""
    name = {
        part: "x" + secrets.token_hex(4) for part in ("list", "row", "head", "who", "body", "bar")
    }
    rows = "".join(_row(post, name) for post in posts)
    return page(
        f"<div class='{secrets.token_hex(3)}'><div class='{name['list']}'>{rows}</div></div>{extra}"
    )


def _row(post: SimPost, name: dict[str, str]) -> str:
    if post.stone is not None:
        body = f"<div class='{name['body']}'>{escape(post.stone)}</div>"
        return f"<div class='{name['row']}'>{body}</div>"
    replies = "".join(_row(reply, name) for reply in post.replies)
    item = (
        f"<div class='{name['row']} {'y' + secrets.token_hex(2)}'{style_of(post)}>"
        f"<div class='{name['head']}'><div class='{name['who']}'>"
        f"<a href='/people/{post.slug}'>{escape(post.author)}</a></div>"
        f"<div><a href='/p/{post.number}'>{post.at:%d %b %Y, %H:%M}</a></div></div>"
        f"<div class='{name['body']}'>{words_of(post)}</div>"
        f"<div class='{name['bar']}'>"
        "<div role='button'>Like</div><div role='button'>Share</div></div>"
        f"{replies}</div>"
    )
    return behind_a_click(post, item, "div")


def single(post: SimPost) -> str:
    """A post's own page."""
    return page(_row(post, dict.fromkeys(("row", "head", "who", "body", "bar"), "s")))


def article(post: SimPost) -> str:
    """A post's own page as microblogs make it: the post, then its answers, each of one form."""
    shown = [post, *post.replies]
    return page(f"<main>{''.join(_article(one) for one in shown)}</main>")


def articles(posts: Sequence[SimPost]) -> str:
    """Some posts in that form."""
    return page(f"<main>{''.join(_article(one) for one in posts)}</main>")


def _article(post: SimPost) -> str:
    return (
        f"<article data-post-id='{post.number}'><strong><a href='/people/{post.slug}'>"
        f"{escape(post.author)}</a></strong> <a href='/p/{post.number}'>"
        f"<time datetime='{post.at.isoformat()}'>{post.at:%d %b %Y %H:%M}</time></a>"
        f"<p>{words_of(post)}</p></article>"
    )


def person(name: str) -> str:
    """An author's own page; it stays when the posts go."""
    return page(f"<h2>{escape(name)}</h2><p>Customer since 2019.</p>")
