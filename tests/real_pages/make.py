"""Makes `expected.jsonl` from `selectors.json` and the saved pages; to be run when one changes."""

import asyncio
import json
import sys
from typing import Any

from archiver.checker.page_state import Response
from archiver.checker.tab import Tab
from tests.real_pages.browsing import on_each
from tests.real_pages.expectations import FIELDS, FILES, digest, selectors
from tests.real_pages.folder import SavedPage, saved_pages
from tests.servers.chromium import find_chromium

SAMPLE = 10
"""Posts of one page at the most, spread over it."""

TAKE = """
(() => {
  const where = %s;
  const never = ["script", "style", "template", "textarea", "select", "noscript"];
  const skipped = [...never, ...(where.drop ? [where.drop] : [])].join();
  const own = (item, selector) => selector === "" ? item : [...item.querySelectorAll(selector)]
    .find((found) => found.closest(where.item) === item);
  const words = (element) => {
    const copy = element.cloneNode(true);
    for (const gone of copy.querySelectorAll(skipped + "," + where.item)) gone.remove();
    for (const picture of copy.querySelectorAll("img[alt]")) {
      if (/\\p{Extended_Pictographic}/u.test(picture.alt)) picture.replaceWith(picture.alt);
    }
    return copy.textContent;
  };
  const value = (item, [selector, attribute]) => {
    const found = own(item, selector);
    if (!found) return null;
    if (attribute === "href") return found.href;
    return attribute ? found.getAttribute(attribute) : words(found);
  };
  return [...document.querySelectorAll(where.item)].map((item) => Object.fromEntries(
    %s.filter((name) => where[name]).map((name) => [name, value(item, where[name])])));
})()
"""


async def _take(page: SavedPage, tab: Tab, _: Response) -> list[dict[str, Any]]:
    where = selectors()[page.path]
    found: list[dict[str, Any]] = await tab.run(TAKE % (json.dumps(where), json.dumps(FIELDS)))
    kept = [item for item in found if item.get("text") and item["text"].strip()]
    return kept[:: max(1, len(kept) // SAMPLE)][:SAMPLE]


async def _main() -> None:
    pages = [page for page in saved_pages() if page.path in selectors()]
    taken = await on_each(pages, find_chromium(), _take)
    lines = []
    for path in sorted(taken):
        for item in taken[path]:
            hashes = {name: digest(name, value) for name, value in item.items() if value}
            lines.append(json.dumps({"page": path, **hashes}))
    (FILES / "expected.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    sys.stdout.write(f"{len(lines)} posts of {len(taken)} pages\n")


if __name__ == "__main__":
    asyncio.run(_main())
