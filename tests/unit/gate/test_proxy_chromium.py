"""A real Chromium behind the proxy: what it opens by redirect, script or frame is checked too."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Error, async_playwright

from archiver.checker.gate import AddressPolicy
from archiver.checker.proxy import CheckingProxy
from tests.unit.gate.conftest import plain, serve


@pytest.fixture
async def proxy() -> AsyncIterator[CheckingProxy]:
    async with CheckingProxy(AddressPolicy({"127.0.0.1"})) as running:
        yield running


@pytest.fixture
async def browser(proxy: CheckingProxy) -> AsyncIterator[Browser]:
    chromium = os.environ.get("RATURE_CHROMIUM") or shutil.which("chromium")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=chromium,
            chromium_sandbox=os.geteuid() != 0,
            proxy={"server": proxy.url, "bypass": "<-loopback>"},
        )
        yield running
        await running.close()


async def test_chromium_reaches_only_what_the_policy_allows(
    proxy: CheckingProxy, browser: Browser
) -> None:
    page_html = b"<title>wall</title><script>new Image().src='http://169.254.169.254/x'</script>"
    async with (
        serve(plain(page_html, "Content-Type: text/html")) as wall,
        serve(plain(b"", "Location: http://127.0.0.2:8080/", status="302 Found")) as redirecting,
    ):
        with proxy.visit() as visit:
            context = await browser.new_context(
                proxy={
                    "server": proxy.url,
                    "bypass": "<-loopback>",
                    "username": visit.username,
                    "password": visit.password,
                }
            )
            page = await context.new_page()
            answer = await page.goto(f"http://127.0.0.1:{wall.port}/", wait_until="load")
            assert answer is not None
            assert answer.status == 200
            assert await page.title() == "wall"
            assert visit.refused == {"169.254.169.254": 1}

            redirected = await page.goto(f"http://127.0.0.1:{redirecting.port}/")
            assert redirected is not None
            assert redirected.status == 403
            assert "x-rature-refused" in redirected.headers

            with pytest.raises(Error, match="ERR_TUNNEL_CONNECTION_FAILED"):
                await page.goto("https://169.254.169.254/")
            assert {"127.0.0.2:8080", "169.254.169.254:443"} < visit.refused.keys()
            await context.close()


async def test_chromium_outside_a_visit_opens_nothing(
    proxy: CheckingProxy, browser: Browser
) -> None:
    async with serve(plain(b"secret")) as wall:
        page = await browser.new_page()
        with pytest.raises(Error, match="ERR_"):
            await page.goto(f"http://127.0.0.1:{wall.port}/")
        await page.close()
    assert wall.heads == []
