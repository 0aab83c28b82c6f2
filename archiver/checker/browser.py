"""One Chromium for a process, started when first needed and again after a crash.

All traffic goes through the checking proxy, loopback included; what could pass it by (QUIC, WebRTC,
service workers) is off. Each visit gets a context of its own: no cookies, no cache, no storage.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from playwright.async_api import (
    Browser,
    BrowserContext,
    Playwright,
    ProxySettings,
    async_playwright,
)
from playwright.async_api import Error as PlaywrightError

from archiver.checker.chromium import find_chromium
from archiver.checker.options import CheckerOptions
from archiver.checker.proxy import CheckingProxy
from archiver.checker.proxy_connection import Visit
from archiver.domain.errors import Unavailable

ARGUMENTS = (
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--mute-audio",
)
PLAIN_AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{major}.0.0.0 Safari/537.36"
)
BYPASS = "<-loopback>"
"""Chromium's word for: not even loopback passes the proxy by."""


class BrowserHouse:
    """Holds the browser and its proxy; use it as an asynchronous context manager."""

    def __init__(self, options: CheckerOptions) -> None:
        self._options = options
        self._stack = AsyncExitStack()
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._proxy: CheckingProxy | None = None
        self._browser: Browser | None = None

    async def __aenter__(self) -> "BrowserHouse":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def sandboxed(self) -> bool:
        """Whether Chromium's own sandbox is on: never for root, where it cannot be."""
        return not self._options.no_sandbox and os.geteuid() != 0

    @property
    def version(self) -> str | None:
        """Chromium's version; None before the first start."""
        return self._browser.version if self._browser else None

    async def start(self) -> Browser:
        """The running browser.

        Raises:
            SettingsError: the configured executable is none.
            Unavailable: no Chromium is found, or it does not start.
        """
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                self._browser = await self._launch()
            return self._browser

    async def _launch(self) -> Browser:
        if self._playwright is None:
            # an executable that cannot be used is told before anything is started
            self._playwright = await self._stack.enter_async_context(async_playwright())
            self._proxy = await self._stack.enter_async_context(CheckingProxy(self._options.policy))
            self._stack.push_async_callback(self._close_browser)
        own = Path(self._playwright.chromium.executable_path)
        executable = find_chromium(self._options.executable, playwright_own=own)
        try:
            return await self._playwright.chromium.launch(
                executable_path=executable,
                chromium_sandbox=self.sandboxed,
                proxy=self._way_out(None),
                args=list(ARGUMENTS),
            )
        except PlaywrightError as failure:
            first = str(failure).splitlines()[0]
            raise Unavailable(f"Chromium ({executable}) does not start: {first}") from failure

    async def _close_browser(self) -> None:
        if self._browser is not None and self._browser.is_connected():
            await self._browser.close()

    def _way_out(self, visit: Visit | None) -> ProxySettings:
        if self._proxy is None:
            raise Unavailable("the checking proxy is not running")
        settings = ProxySettings(server=self._proxy.url, bypass=BYPASS)
        if visit is not None:
            settings["username"] = visit.username
            settings["password"] = visit.password
        return settings

    @asynccontextmanager
    async def context(
        self, *, scripts: bool = True, options: CheckerOptions | None = None
    ) -> AsyncIterator[tuple[BrowserContext, Visit]]:
        """A clean context and its share of the proxy, for one visit. `options` may name another
        vantage than the house's own.

        Raises:
            SettingsError, Unavailable: as for `start`.
        """
        browser = await self.start()
        if self._proxy is None:
            raise Unavailable("the checking proxy is not running")
        options = options or self._options
        width, height = options.viewport
        share = self._proxy.visit(max_bytes=options.max_bytes, upstream=options.upstream)
        with share as visit:
            context = await browser.new_context(
                proxy=self._way_out(visit),
                service_workers="block",
                accept_downloads=False,
                java_script_enabled=scripts,
                user_agent=agent_of(options, browser.version),
                locale=options.locale,
                viewport={"width": width, "height": height},
            )
            try:
                yield context, visit
            finally:
                with suppress(PlaywrightError):  # gone with the browser: what was seen was seen
                    await context.close()


def agent_of(options: CheckerOptions, version: str) -> str:
    """The user agent of a vantage; by default the browser's usual one, as it would be with a
    window."""
    return (options.user_agent or PLAIN_AGENT).replace("{major}", version.partition(".")[0])
