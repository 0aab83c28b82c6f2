"""How many saved pages still read the same when their mark-up is changed in ways that mean nothing.

A check on over-fitting: a reader that has learnt these pages by heart loses them as soon as classes
have other names. `python -m tests.real_pages.perturb [PART_OF_PATH ...]` prints the figures; a page
counts when it read right as it was saved.
"""

import asyncio
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from archiver.checker.page_state import Response
from archiver.checker.tab import Tab
from tests.real_pages.browsing import on_each
from tests.real_pages.folder import SavedPage, saved_pages
from tests.servers.chromium import find_chromium

CLOSE = 0.1
"""How far a number of posts may be off, and the share of their texts that may differ."""

CHANGES = {
    "classes renamed": """
      const names = new Map();
      const renamed = (name) => {
        const made = (2654435761 * (names.size + 7) >>> 0).toString(36).replace(/\\d/g, "q");
        if (!names.has(name)) names.set(name, `k${made}`);
        return names.get(name);
      };
      for (const element of document.querySelectorAll("[class]")) {
        element.setAttribute("class", [...element.classList].map(renamed).join(" "));
      }""",
    "ids stripped": """
      for (const element of document.querySelectorAll("[id]")) element.removeAttribute("id");""",
    "classes and data stripped": """
      for (const element of document.querySelectorAll("*")) {
        for (const name of element.getAttributeNames()) {
          if (name === "class" || name.startsWith("data-")) element.removeAttribute(name);
        }
      }""",
    "contents wrapped": """
      for (const item of items) {
        if (/^(?:TR|TABLE|TBODY|DL|UL|OL)$/.test(item.tagName) || item.shadowRoot) continue;
        const box = document.createElement("div");
        box.append(...item.childNodes);
        item.append(box);
      }""",
    "half dropped": """
      tops.forEach((item, at) => { if (at % 2) item.remove(); });""",
    "order reversed": """
      for (const parent of new Set(tops.map((item) => item.parentElement))) {
        const own = tops.filter((item) => item.parentElement === parent);
        const places = own.map((item) => {
          const mark = document.createComment("");
          item.replaceWith(mark);
          return mark;
        });
        own.reverse().forEach((item, at) => places[at].replaceWith(item));
      }""",
}
"""Each changes the page; `items` are those read before, `tops` the ones in no other and no pair."""

_PLAY = """
(() => {
  const found = RatureReader.findGroup(RatureReader.survey(document.body));
  const before = RatureReader.readPage().posts.map((post) => post.text);
  const whole = document.body.cloneNode(true);
  const kept = {};
  for (const [name, change] of Object.entries(%s)) {
    const group = RatureReader.findGroup(RatureReader.survey(document.body));
    const items = group ? group.items : [];
    const paired = group && group.templates.some(({ annex }) => annex);
    const nested = (item) => items.some((other) => other !== item && other.contains(item));
    const tops = paired ? [] : items.filter((item) => !nested(item));
    new Function("items", "tops", change)(items, tops);
    const wanted = before.filter((_, at) => items[at]?.isConnected);
    const now = RatureReader.readPage().posts.map((post) => post.text);
    const same = [...now];
    let hits = 0;
    for (const text of wanted) {
      const at = same.indexOf(text);
      if (at >= 0) { same.splice(at, 1); hits += 1; }
    }
    kept[name] = [wanted.length, now.length, hits];
    document.body.replaceWith(whole.cloneNode(true));
  }
  return { read: found ? found.items.length : 0, kept };
})()
"""


async def play(pages: Iterable[SavedPage], chromium: Path) -> dict[str, dict[str, list[int]]]:
    """For each page that reads right as it is: by change, the numbers of posts wanted, read, and
    read with the very same text."""

    async def work(_: SavedPage, tab: Tab, __: Response) -> Any:
        await tab.read()
        return await tab.run(_PLAY % json.dumps(CHANGES))

    pages = list(pages)
    found = await on_each(pages, chromium, work)
    return {
        page.path: found[page.path]["kept"]
        for page in pages
        if abs(found[page.path]["read"] - page.items) <= CLOSE * page.items
    }


def held(counts: list[int]) -> bool:
    """Whether a changed page was read as before."""
    wanted, read, same = counts
    return abs(read - wanted) <= CLOSE * wanted and same >= (1 - CLOSE) * wanted


def _main() -> None:
    asked = sys.argv[1:]
    pages = [
        page
        for page in saved_pages()
        if page.is_list and (not asked or any(part in page.path for part in asked))
    ]
    played = asyncio.run(play(pages, find_chromium()))
    for name in CHANGES:
        lost = {path: kept[name] for path, kept in played.items() if not held(kept[name])}
        sys.stdout.write(f"{name}: {len(played) - len(lost)} of {len(played)}\n")
        for path, counts in lost.items():
            sys.stdout.write(f"  {path}: {counts}\n")


if __name__ == "__main__":
    _main()
