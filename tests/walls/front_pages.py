"""The pages that stand in front of a wall: login, challenge, consent, refusal, fault.

Each is written in the manner of what large sites and their protection vendors serve: the class
names, titles and form fields by which such a page is known are real, the words are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

_HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass(frozen=True)
class Page:
    """One answer of the front. Header values are as on the wire."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=lambda: _HTML)


def _document(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title></head>\n<body>{body}</body>\n</html>\n"
    )


LOGIN_FORM = """
<main role="main"><h1>Log in to continue</h1>
<p>You must be a member to see this page. Connectez-vous pour continuer.</p>
<form id="login_form" method="post" action="/login">
<label>E-mail or telephone <input type="text" name="email" autocomplete="username"></label>
<label>Password <input type="password" name="pass" autocomplete="current-password"></label>
<button type="submit" name="login">Log in</button></form>
<p><a href="/recover">Forgotten password?</a> <a href="/signup">Create an account</a></p></main>"""

CHALLENGE = """
<div class="main-wrapper" role="main"><div class="main-content"><h1>shop.example</h1>
<h2 id="challenge-running">Verify you are human by completing the action below.</h2>
<div id="turnstile-wrapper"><div class="cf-turnstile" data-sitekey="0x4AAAAAAAtest"></div></div>
<form id="challenge-form" action="/?__cf_chl_f_tk=test" method="POST">
<input type="hidden" name="cf-turnstile-response" value=""></form>
<noscript>Enable JavaScript and cookies to continue</noscript>
<div id="challenge-body-text">shop.example needs to review the security of your connection
before proceeding.</div></div></div>
<div class="footer" role="contentinfo">Ray ID: <code>8f0c1d2e3f405162</code></div>"""

PRESS_AND_HOLD = """
<section class="container"><h1>Avant de continuer...</h1>
<p>Appuyez et maintenez le bouton pour confirmer que vous &ecirc;tes un humain
(et non un robot).</p>
<div id="px-captcha" role="main" aria-label="Press &amp; Hold"></div>
<p>Reference ID 5d1c6a10-0000-11ef-8000-0242ac120002</p></section>"""

CONSENT = """
<style>#wall{position:fixed;inset:0;background:#fff;z-index:2147483647;padding:3em}</style>
<div id="wall" role="dialog" aria-modal="true" aria-labelledby="t" class="consent-interstitial">
<h1 id="t">Before you continue / Avant de continuer</h1>
<p>We and our 812 partners use cookies to measure audiences and show advertising.
Nous utilisons des cookies pour mesurer l'audience.</p>
<form method="post" action="/consent/save"><button name="set" value="all">Accept all</button>
<button name="set" value="none">Reject all</button></form>
<a href="/consent/options">More options</a></div>"""

LOGIN = Page(200, _document("Log in", LOGIN_FORM))
CAPTCHA = Page(
    200, _document("Just a moment...", CHALLENGE), {**_HTML, "cf-mitigated": "challenge"}
)
CAPTCHA_HOLD = Page(200, _document("Access to this page has been denied", PRESS_AND_HOLD))
CONSENT_WALL = Page(200, _document("Before you continue", CONSENT))
GEO = Page(
    451,
    _document(
        "Unavailable For Legal Reasons",
        "<h1>451</h1><p>This content is not available in your country or region.</p>",
    ),
)
SERVER_ERROR = Page(
    500,
    _document(
        "500 Internal Server Error",
        "<h1>Internal Server Error</h1><p>The server could not complete your request.</p>",
    ),
)


def rate_limited(retry_after: int) -> Page:
    """Give a 429 that asks to come back after so many seconds."""
    text = "<h1>Too Many Requests</h1><p>Please slow down and try again later.</p>"
    return Page(429, _document("429", text), {**_HTML, "Retry-After": str(retry_after)})


def login_redirect(wanted: str) -> Page:
    """Give a 302 to /login that remembers the wanted path, percent-encoded by the caller."""
    return Page(302, "", {"Location": f"/login?next={wanted}"})
