# ruff: noqa: E501 - lines of HTML are kept whole
"""Walls on which a post is not easy to picture: each names what it has that others have not."""

import io

from PIL import Image

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src * data:; frame-src *; media-src *"
FREE = POLICY + "; connect-src *"
STYLE = """
  body { margin: 0; font: 16px/24px 'DejaVu Sans', sans-serif; background: #eef; }
  main { width: 720px; padding-left: 100px; }
  ol { list-style: none; padding: 0; }
  .comment { background: #fff; padding: 16px; margin: 16px 0; border: 1px solid #99b; min-height: 100px; box-sizing: border-box; }
  .comment p { margin: 8px 0; } .comment ol { padding-left: 40px; }
"""
COMPLAINT = (
    "J'ai acheté ces chaussures en juillet ; huit mois plus tard les deux semelles sont trouées."
)


def picture(colour: str, size: tuple[int, int] = (120, 80)) -> bytes:
    """A PNG of one colour with a dot in a corner."""
    image = Image.new("RGB", size, colour)
    image.paste((0, 0, 0), (0, 0, 8, 8))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


PICTURES = {
    "own": picture("#2a6"),
    "small": picture("#26a", (60, 40)),
    "best": picture("#26a", (240, 160)),
    "open": picture("#a62"),
    "closed": picture("#a26"),
    "face": picture("#000", (24, 24)),
    "poster": picture("#62a"),
    "ground": picture("#6a2"),
    **{f"late-{n}": picture("#888", (300, 400)) for n in range(4)},
}


def comment(number: int, author: str, text: str, extra: str = "", style: str = "") -> str:
    return (
        f'<li class="comment" id="comment-{number}" style="{style}"><a class="author" href="/u/{number}">{author}</a> '
        f'<a href="/wall#comment-{number}"><time datetime="2026-03-0{number % 9 + 1}T20:15:00Z">{number} mars 2026 à 20:15</time></a>'
        f"<p>{text}</p>{extra}</li>"
    )


def listed(target: str) -> str:
    others = [
        comment(n, f"Client {n}", f"Commentaire numéro {n} sur la boutique, livré en {n} jours.")
        for n in range(1, 9)
    ]
    return f"<ol>{''.join([*others[:3], target, *others[3:]])}</ol>"


def page(body: str, *, style: str = "", attributes: str = "lang=fr") -> str:
    return f"<!doctype html><html {attributes}><meta charset=utf-8><title>Le mur de la marque</title><style>{STYLE}{style}</style>{body}</html>"


def wall(
    extra: str = "",
    style: str = "",
    *,
    text: str = COMPLAINT,
    before: str = "",
    after: str = "",
    css: str = "",
    attributes: str = "lang=fr",
) -> str:
    target = comment(42, "Jean Dupont", text, extra, style)
    return page(f"{before}<main>{listed(target)}</main>{after}", style=css, attributes=attributes)


def lines(count: int, style: str = "height:50px") -> str:
    return "".join(
        f'<div style="{style};background:rgb({(n * 37) % 256},{(n * 91) % 256},{(n * 53) % 256})">ligne {n}</div>'
        for n in range(count)
    )


def frames(path: str, height: int) -> str:
    return page(
        f'<div style="position:fixed;top:0;left:0;right:0;height:40px;background:#224;color:#fff">Menu</div><h1 style="margin:60px 20px 20px">Avis</h1>'
        f'<iframe src="{path}" style="width:900px;height:{height}px;border:3px solid #c00;padding:5px;margin-left:30px"></iframe><p style="height:900px">fin</p>'
    )


REPLIES = f"<ol>{comment(51, 'La Marque', 'Bonjour Jean, nous regrettons cela et vous remboursons.')}{comment(52, 'Client 9', 'Moi aussi, exactement la même chose.')}</ol>"
BUBBLE = (
    '<div style="position:fixed;left:300px;top:0;bottom:0;width:90px;background:#fc0">Aide ?</div>'
)
# as soon as the picker's marks are gone, the text is another one
CHANGING = """<script>new MutationObserver((changes) => { for (const {removedNodes} of changes) for (const node of removedNodes)
  if (node.localName === 'rature-marks') document.querySelector('#comment-42 p').textContent = 'Tout va très bien, merci à la marque pour tout.';
}).observe(document.documentElement, {childList: true})</script>"""


# What a page can do to the world that scripts share, before and while somebody captures.
POLLUTED = """
  Object.prototype.isReviewed = true; Object.prototype.post_id = 'forged'; Object.prototype.url = 'https://forged.example/';
  Array.prototype.map = () => ['forged']; Array.prototype.filter = () => []; String.prototype.replace = () => 'forged';
  Element.prototype.getBoundingClientRect = () => { throw new Error('no') };
  window.fetch = () => { throw new Error('no') }; JSON.stringify = () => '{"forged": true}';
  Object.defineProperty(Element.prototype, 'innerText', {get() { throw new Error('no') }});
  Object.defineProperty(document, 'title', {get: () => 'forged'}); navigator.__defineGetter__('language', () => 'forged');
  Object.defineProperty(window, 'devicePixelRatio', {get: () => 7}); Date.now = () => 0;
  globalThis.RaturePage = {ask: () => ({id: 'forged'})}; globalThis.chrome = {runtime: {sendMessage: () => ({value: {}})}};
"""
CLOBBERED = (
    '<form name="documentElement"><input name="body"></form><img name="styleSheets"><img name="querySelectorAll">'
    '<form id="RaturePage"></form><form id="chrome"></form><a id="location" href="https://forged.example/"></a>'
)
PRESSING = """window.pressed = 0; setInterval(() => {
  for (const target of [...document.querySelectorAll('.comment p, rature-marks'), document, window]) {
    for (const type of ['mousemove', 'pointerdown', 'mousedown', 'click']) target.dispatchEvent(new MouseEvent(type, {bubbles: true, composed: true, clientX: 300, clientY: 300}));
    for (const key of ['Enter', 'ArrowUp']) target.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, composed: true}));
    target.click?.();
  }
  window.pressed += 1;
}, 10);"""


def situations(other: str) -> dict[str, str]:
    """By path. `other`: the origin of another site."""
    own = (
        '<img src="/img/own" width=120 height=80 alt="La semelle trouée">'
        '<img src="/img/small" srcset="/img/small 1x, /img/best 4x" width=120 height=80 alt="">'
        f'<img src="{other}/img/open?cors" width=120 height=80><video poster="/img/poster" width=120 height=80></video>'
        '<img src="/img/face" width=24 height=24 alt="">'
        '<div style="width:120px;height:80px;background:url(/img/ground)"></div>'
    )
    late = "".join(
        f'<img loading=lazy style="display:block" src="/img/late-{n}?late">' for n in range(4)
    )
    return {
        "/shadow": page(
            f"<main><div id=host><template shadowrootmode=open><style>{STYLE}</style>{listed(comment(42, 'Jean Dupont', COMPLAINT))}</template></div></main>"
        ),
        "/frame": frames("/plain", 600),
        "/frame-tall": frames("/long", 400),
        "/foreign": frames(f"{other}/plain", 600),
        "/plain": wall(),
        "/long": wall(lines(30)),
        "/dark": wall(
            lines(4),
            css="@media (prefers-color-scheme: dark) { body { background: #111 } .comment { background: #222; color: #eee } }",
        ),
        "/rtl": wall(
            attributes="lang=ar dir=rtl",
            text="اشتريت هذا الحذاء في تموز وبعد ثمانية أشهر انثقب النعلان كلاهما تماما",
        ),
        "/bubble": wall(lines(4), after=BUBBLE),
        "/sticky": wall(
            lines(40),
            after="",
            before='<div style="position:sticky;top:0;height:60px;background:#224;color:#fff;z-index:9">Menu</div>',
        ),
        "/sticky-inside": wall(
            f'<div style="position:sticky;top:0;height:30px;background:#fc0">Résumé</div>{lines(30)}'
        ),
        "/animated": wall(
            lines(30),
            css="@keyframes go { to { transform: translateX(300px) } } .comment div { animation: go 1s linear infinite alternate }",
        ),
        "/lazy": wall(late),
        "/unrendered": wall(
            lines(30, "height:50px;content-visibility:auto;contain-intrinsic-size:1px 9px")
        ),
        "/box": page(
            f'<div style="width:1000px;height:420px;overflow:auto;margin:60px;direction:rtl"><main dir=ltr>{listed(comment(42, "Jean Dupont", COMPLAINT, lines(20)))}</main></div>'
        ),
        "/thread": wall().replace("</li>", f"{REPLIES}</li>", 4).replace(REPLIES, "", 3),
        "/pictures": wall(own),
        "/pictures-free": wall(own),
        "/hostile": wall(before=f"<script>{POLLUTED}</script>", after=CLOBBERED),
        "/huge": wall(after=f"<div>{'<b><i>x</i></b>' * 25_000}</div>"),
        "/pressing": wall(after=f"<script>{PRESSING}</script>"),
        "/tainted": wall(f'<img src="{other}/img/closed" width=120 height=80>'),
        "/covered": wall(
            after='<div style="position:absolute;left:100px;top:0;width:300px;height:3000px;background:#fff">Abonnez-vous</div>'
        ),
        "/folded": wall(
            text=f'<span style="display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:1;overflow:hidden;width:300px">{COMPLAINT}</span>'
        ),
        "/changing": wall(after=CHANGING),
    }
