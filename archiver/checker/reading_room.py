"""Reading one page without looking for anybody's post: live, or from a saved file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Route

from archiver.checker.browser import BrowserHouse
from archiver.checker.options import CheckerOptions
from archiver.checker.page_state import Response
from archiver.checker.reading import Reading
from archiver.checker.tab import Tab
from archiver.domain.errors import Unavailable

SAVED = "http://saved.invalid/"
"""The address that a saved page gets; `.invalid` never resolves (RFC 2606)."""

Read = tuple[str, Response, Reading]


async def read_address(url: str, options: CheckerOptions) -> Read:
    """Opens a page and reads what it shows at first, without following the way to more.

    Raises:
        SettingsError, Unavailable: there is no browser, or it failed.
    """
    async with BrowserHouse(options) as house, house.context() as (context, visit):
        tab = await Tab.open_in(context, visit, options)
        return await _read(tab, url, options)


async def read_file(data: bytes, options: CheckerOptions, *, scripts: bool) -> Read:
    """Reads a saved page. Nothing is fetched: every other request is cut off.

    Raises:
        SettingsError, Unavailable: there is no browser, or it failed.
    """
    async with BrowserHouse(options) as house, saved_page(house, data, options, scripts) as tab:
        return await _read(tab, SAVED, options)


@asynccontextmanager
async def saved_page(
    house: BrowserHouse, data: bytes, options: CheckerOptions, scripts: bool = False
) -> AsyncIterator[Tab]:
    """A tab in which the saved page stands at `SAVED`, and nothing else can be reached."""

    async def serve(route: Route) -> None:
        request = route.request
        if request.is_navigation_request() and request.url == SAVED:
            await route.fulfill(body=data, content_type="text/html")
        elif request.is_navigation_request():
            await route.fulfill(status=204)  # the page stays where it is
        else:
            await route.abort()

    async with house.context(scripts=scripts) as (context, visit):
        await context.route("**/*", serve)
        yield await Tab.open_in(context, visit, options, scripts=scripts)


async def _read(tab: Tab, url: str, options: CheckerOptions) -> Read:
    try:
        async with asyncio.timeout(options.visit_seconds):
            response = await tab.open(url)
            return url, response, await tab.read()
    except TimeoutError as late:
        raise Unavailable(f"{url} could not be read in {options.visit_seconds:.0f} s") from late
    except PlaywrightError as failure:
        raise Unavailable(f"the browser failed: {str(failure).splitlines()[0]}") from failure
