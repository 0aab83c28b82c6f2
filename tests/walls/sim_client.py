"""The wall as a script's work: an empty shell fetches ten posts at a time, and more as one scrolls.

With `unmount` items that left the window are taken out of the document and put back when they
come near it again, each keeping its place by an empty block of its height.
"""

import json
from collections.abc import Sequence

from tests.walls.sim_markup import HIDDEN, PAGE, page
from tests.walls.sim_posts import SimPost

SHELL = """<main><section id='feed'></section>
<button id='more' hidden>Show older posts</button></main>
<script>
const UNMOUNT = %(unmount)s, ENDLESS = %(endless)s;
let from = 0, busy = false;
const feed = document.getElementById('feed'), button = document.getElementById('more');
function make(post) {
  const item = document.createElement('article');
  item.dataset.postId = post.id;
  if (UNMOUNT) item.style.minHeight = '140px';
  if (post.style) item.style.cssText += post.style;
  if (post.author) {
    const who = document.createElement('strong'), link = document.createElement('a');
    link.href = '/people/' + post.slug; link.textContent = post.author; who.append(link);
    const own = document.createElement('a'); own.href = '/p/' + post.id;
    const when = document.createElement('time');
    when.dateTime = post.at; when.textContent = post.shown; own.append(when);
    item.append(who, ' ', own);
  }
  const text = document.createElement('p');
  if (post.rest) {
    const start = document.createElement('span'), rest = document.createElement('span');
    const more = document.createElement('button');
    start.textContent = post.text + '\\u2026'; rest.textContent = post.rest; rest.hidden = true;
    more.textContent = 'See more';
    more.onclick = () => { start.textContent = post.text; rest.hidden = false; more.remove(); };
    text.append(start, rest, more);
  } else text.textContent = post.text;
  item.append(text);
  if (post.picture) {
    const image = document.createElement('img'); image.src = post.picture; item.append(image);
  }
  if (!post.folded) return item;
  const fold = document.createElement('div'), open = document.createElement('button');
  const inner = document.createElement('div'); inner.hidden = true; inner.append(item);
  open.textContent = '1 more comment'; open.setAttribute('aria-expanded', 'false');
  open.onclick = () => { inner.hidden = false; open.setAttribute('aria-expanded', 'true'); };
  fold.append(open, inner);
  return fold;
}
function keep() {
  if (!UNMOUNT) return;
  for (const slot of feed.children) {
    const box = slot.getBoundingClientRect();
    const near = box.bottom > -200 && box.top < innerHeight + 200;
    if (near && !slot.firstChild && slot.made) slot.append(slot.made);
    if (!near && slot.firstChild) {
      slot.made = slot.firstChild; slot.style.height = box.height + 'px'; slot.firstChild.remove();
    }
  }
}
async function load() {
  if (busy) return;
  busy = true;
  const answer = await fetch('/api/posts?from=' + from);
  const found = await answer.json();
  for (const post of found.posts) {
    const item = make(post);
    if (UNMOUNT) {
      const slot = document.createElement('div'); slot.append(item); feed.append(slot);
    } else feed.append(item);
  }
  from += found.posts.length;
  window.more = found.more;
  button.hidden = ENDLESS || !found.more;
  busy = false;
  keep();
  if (ENDLESS && found.more && document.body.scrollHeight <= innerHeight + 300) load();
}
button.addEventListener('click', load);
addEventListener('scroll', () => {
  keep();
  if (ENDLESS && window.more && innerHeight + scrollY > document.body.scrollHeight - 300) load();
});
load();
</script>"""


def client(*, unmount: bool = False, endless: bool = False, extra: str = "") -> str:
    """The shell."""
    switches = {"unmount": json.dumps(unmount), "endless": json.dumps(endless)}
    return page(SHELL % switches + extra)


def client_json(posts: Sequence[SimPost], start: int) -> str:
    """Ten posts for the shell's script."""
    shown = posts[start : start + PAGE]
    return json.dumps({"more": start + PAGE < len(posts), "posts": [_fields(p) for p in shown]})


def _fields(post: SimPost) -> dict[str, object]:
    text = post.words if post.stone is None else post.stone
    half = len(text) // 2
    return {
        "id": post.number,
        "author": post.author if post.stone is None else "",
        "slug": post.slug,
        "at": post.at.isoformat(),
        "shown": f"{post.at:%d %b %Y %H:%M}",
        "text": text[:half] if post.shortened else text,
        "rest": text[half:] if post.shortened else "",
        "style": HIDDEN[post.hidden] if post.hidden else "",
        "folded": post.folded,
        "picture": f"/pic/{post.number}-{post.picture}.png" if post.picture else "",
    }
