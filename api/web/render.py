"""Templates to pages, in the visitor's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_datetime, format_timedelta
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from api.web import i18n, words
from archiver.domain.instant import parse, render, to_utc

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Formats:
    """How a locale writes moments and spans."""

    locale: str

    def moment(self, value: datetime | str | None) -> Markup:
        """A moment in UTC, readable, with the exact one in the markup; a dash for none."""
        if value is None or value == "":
            return Markup("–")
        at = parse(value) if isinstance(value, str) else to_utc(value)
        shown = format_datetime(at, "d MMM y, HH:mm:ss", locale=self.locale)
        return Markup('<time datetime="{}">{} UTC</time>').format(render(at), shown)

    def span(self, value: timedelta | float | None) -> str:
        """A span in its largest unit; a dash for none."""
        if value is None:
            return "–"
        delta = value if isinstance(value, timedelta) else timedelta(seconds=value)
        return format_timedelta(delta, locale=self.locale, threshold=1.5)

    def between(self, start: datetime | str, end: datetime | str) -> str:
        """The span between two moments."""
        first = parse(start) if isinstance(start, str) else start
        last = parse(end) if isinstance(end, str) else end
        return self.span(last - first)


@cache
def _environment(locale: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    chosen = i18n.language(locale)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        chosen.gettext, chosen.ngettext, newstyle=True
    )
    formats = Formats(locale)
    environment.filters.update(moment=formats.moment, span=formats.span)
    environment.globals.update(
        locale=locale,
        between=formats.between,
        verdict_words=words.verdict_words,
        LEVELS=words.LEVELS,
        SIGHTINGS=words.SIGHTINGS,
        REASONS=words.REASONS,
        GRADES=words.GRADES,
        ACTORS=words.ACTORS,
        NOTICES=words.NOTICES,
    )
    return environment


def chosen_language(request: Request) -> i18n.Language:
    """The language to answer this request in."""
    return i18n.choose(request.headers.get("accept-language"), request.cookies.get(i18n.COOKIE))


def translate(request: Request, message: str) -> str:
    """A message in the visitor's language."""
    return chosen_language(request).gettext(message)


def page(
    request: Request, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HTMLResponse:
    """Renders a template in the visitor's language.

    `request.state.session` (set by the session dependency) gives templates the CSRF token and
    tells whether somebody is signed in.
    """
    chosen = chosen_language(request)
    session = getattr(request.state, "session", None)
    text = (
        _environment(chosen.locale)
        .get_template(template)
        .render({"request": request, "session": session, **(context or {})})
    )
    return HTMLResponse(
        text,
        status_code=status,
        headers={"Content-Language": chosen.locale, "Vary": "Accept-Language, Cookie"},
    )
