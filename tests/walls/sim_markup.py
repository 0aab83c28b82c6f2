"""Three quite different ways to show the same posts.

blog: semantic comments with ids, over numbered pages. soup: nothing but `div`, no ids, class names
that change at each load, each post with a page of its own. client: an empty shell whose script
fetches ten posts at a time and offers to load more.
"""

import json
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
    "zero": "height:0;overflow:hidden",
    "colour": "color:#fff",
}
HEAD = (
    "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>Acme wall</title>"
    "<style>body{{font:16px sans-serif;background:#fff;color:#111}}</style></head><body>"
    "<header><a href='/'>Acme</a> <a href='/wall'>Wall</a> <a href='/shop'>Shop</a></header>"
    "<h1>Tell us how we did</h1>{body}<footer>Acme, 12 Shoe Street</footer></body></html>"
)


def page(body: str) -> str:
    """A whole page of the brand's site."""
    return HEAD.format(body=body)


def style_of(post: SimPost) -> str:
    """The style attribute that hides a post from people."""
    return f' style="{HIDDEN[post.hidden]}"' if post.hidden else ""


def blog(posts: Sequence[SimPost], number: int) -> str:
    """One of the numbered pages."""
    last = max(1, -(-len(posts) // PAGE))
    shown = posts[(number - 1) * PAGE : number * PAGE]
    links = "".join(
        f"<span>{n}</span> " if n == number else f"<a href='/wall?page={n}'>{n}</a> "
        for n in range(1, last + 1)
    )
    items = "".join(_comment(post) for post in shown)
    return page(f"<ol class='comment-list'>{items}</ol><div class='pager'>{links}</div>")


def _comment(post: SimPost) -> str:
    if post.stone:
        return f"<li id='comment-{post.number}' class='comment'><p>{escape(post.stone)}</p></li>"
    children = "".join(_comment(reply) for reply in post.replies)
    nested = f"<ol class='children'>{children}</ol>" if children else ""
    return (
        f"<li id='comment-{post.number}' class='comment'{style_of(post)}><article>"
        f"<footer><b class='fn'>{escape(post.author)}</b> <span>says:</span> "
        f"<a href='/wall#comment-{post.number}'><time datetime='{post.at.isoformat()}'>"
        f"{post.at:%d %B %Y at %H:%M}</time></a></footer>"
        f"<div class='comment-content'><p>{escape(post.text)}</p></div>"
        f"<div class='reply'><a href='/wall?replytocom={post.number}' rel='nofollow'>Reply</a>"
        "</div>"
        f"</article>{nested}</li>"
    )


def soup(posts: Sequence[SimPost]) -> str:
    """All posts on one page, in div soup with names that change at each load."""
    name = {
        part: "x" + secrets.token_hex(4) for part in ("list", "row", "head", "who", "body", "bar")
    }
    rows = "".join(_row(post, name) for post in posts)
    return page(
        f"<div class='{secrets.token_hex(3)}'><div class='{name['list']}'>{rows}</div></div>"
    )


def _row(post: SimPost, name: dict[str, str]) -> str:
    if post.stone:
        body = f"<div class='{name['body']}'>{escape(post.stone)}</div>"
        return f"<div class='{name['row']}'>{body}</div>"
    replies = "".join(_row(reply, name) for reply in post.replies)
    return (
        f"<div class='{name['row']} {'y' + secrets.token_hex(2)}'{style_of(post)}>"
        f"<div class='{name['head']}'><div class='{name['who']}'>{escape(post.author)}</div>"
        f"<div><a href='/p/{post.number}'>{post.at:%d %b %Y, %H:%M}</a></div></div>"
        f"<div class='{name['body']}'>{escape(post.text)}</div>"
        f"<div class='{name['bar']}'>"
        "<div role='button'>Like</div><div role='button'>Share</div></div>"
        f"{replies}</div>"
    )


def single(post: SimPost) -> str:
    """A post's own page."""
    return page(_row(post, dict.fromkeys(("row", "head", "who", "body", "bar"), "s")))


CLIENT = """<main><section id='feed'></section>
<button id='more' hidden>Show older posts</button></main>
<script>
let from = 0;
async function load() {
  const answer = await fetch('/api/posts?from=' + from);
  const found = await answer.json();
  for (const post of found.posts) {
    const item = document.createElement('article');
    item.dataset.postId = post.id;
    if (post.style) item.style.cssText = post.style;
    const who = document.createElement('strong'); who.textContent = post.author;
    const when = document.createElement('time');
    when.dateTime = post.at; when.textContent = post.shown;
    const text = document.createElement('p'); text.textContent = post.text;
    if (post.author) item.append(who, ' ', when);
    item.append(text);
    document.getElementById('feed').append(item);
  }
  from += found.posts.length;
  document.getElementById('more').hidden = !found.more;
}
document.getElementById('more').addEventListener('click', load);
load();
</script>"""


def client() -> str:
    """The shell of the client-rendered wall."""
    return page(CLIENT)


def client_json(posts: Sequence[SimPost], start: int) -> str:
    """Ten posts for the shell's script."""
    shown = posts[start : start + PAGE]
    return json.dumps(
        {
            "more": start + PAGE < len(posts),
            "posts": [
                {
                    "id": post.number,
                    "author": "" if post.stone else post.author,
                    "at": post.at.isoformat(),
                    "shown": f"{post.at:%d %b %Y %H:%M}",
                    "text": post.stone or post.text,
                    "style": HIDDEN[post.hidden] if post.hidden else "",
                }
                for post in shown
            ],
        }
    )
