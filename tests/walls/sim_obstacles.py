"""What a site may put in the way: page and status of each obstacle."""

from tests.walls.sim_markup import page

LOGIN_FORM = (
    "<form action='/login' method='post'><label>E-mail <input type='email' name='e'></label>"
    "<label>Password <input type='password' name='p'></label><button>Continue</button></form>"
)
CAPTCHA = (
    "<!DOCTYPE html><html><head><title>...</title></head><body><div class='g-recaptcha' "
    "data-sitekey='x'></div><noscript>...</noscript></body></html>"
)
CLOUDFLARE = (
    "<!DOCTYPE html><html><head><title>...</title></head><body><form id='challenge-form' "
    "action='/wall?__cf_chl_f_tk=abc' method='POST'></form></body></html>"
)
DATABASE = (
    "<!DOCTYPE html><html><head><title>Database Error</title></head><body>"
    "<h1>Error establishing a database connection</h1></body></html>"
)
CONSENT = (
    "<div id='cookie-consent' role='dialog' aria-modal='true' style='position:fixed;inset:0;"
    "background:#fff;z-index:999'><p>...</p><button>OK</button><button>...</button></div>"
)
SHELL = (
    "<!DOCTYPE html><html><head><title>Acme wall</title></head><body><div id='root'></div>"
    "<script>window.state = {};</script></body></html>"
)

HOSTILE = (
    "<script>Element.prototype.querySelectorAll = () => []; Array.prototype.map = () => [];"
    "Object.defineProperty(globalThis, 'RatureReader', {value: {readPage: () => ({posts: []})}});"
    "</script>"
)


def late(body: str, milliseconds: int = 900) -> str:
    """The same page, whose list comes by script after a while."""
    head, _, rest = body.partition("<h1>")
    content, foot, end = rest.partition("<footer>Acme, 12")
    return (
        f"{head}<div id='root'>...</div><template id='late'><h1>{content}</template>"
        "<script>setTimeout(() => document.getElementById('root').replaceChildren("
        f"document.getElementById('late').content), {milliseconds})</script>{foot}{end}"
    )


FIXED: dict[str, tuple[int, str]] = {
    "login_in_place": (200, page(LOGIN_FORM)),
    "captcha": (200, CAPTCHA),
    "cloudflare": (503, CLOUDFLARE),
    "forbidden": (403, page("<p>...</p>")),
    "rate_limited": (429, page("<p>...</p>")),
    "geo": (451, page("<p>...</p>")),
    "database_error": (500, DATABASE),
    "bad_gateway": (502, page("<p>...</p>")),
    "shell": (200, SHELL),
    "consent_in_place": (200, page(CONSENT)),
    "empty": (200, page("")),
}
"""Obstacles that answer every request for the wall in the same way."""
