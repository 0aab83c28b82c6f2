"""Two hundred captures without two hundred clicks: made by the module that makes every capture."""

from playwright.sync_api import Page

MAKE = """async ([count, site]) => {
  const { put } = await import("/lib/db.js");
  const { finish } = await import("/lib/finish.js");
  const canvas = new OffscreenCanvas(64, 32);
  const context = canvas.getContext("2d");
  const box = { left: 0, top: 0, right: 64, bottom: 32 };
  const geometry = { windowWidth: 64, scale: 1, post: box, clip: box };
  const made = [];
  for (let number = 1; number <= count; number += 1) {
    context.fillStyle = `rgb(${number} 90 160)`;
    context.fillRect(0, 0, 40, 32);
    const blob = await canvas.convertToBlob({ type: "image/png" });
    const png = new Uint8Array(await blob.arrayBuffer());
    const draft = { id: crypto.randomUUID(), tab: 1, frame: 0, url: `${site}/wall`,
      frame_url: null, isReviewed: false, started_at: new Date().toISOString() };
    await put("drafts", draft);
    await put("frames", { draft: draft.id, index: 0, png });
    const reading = { text: `Complaint number ${number}, still without any answer.`,
      isSubstitute: false, post_id: `comment-${number}`, parent_id: null, author: `Jean ${number}`,
      author_id: null, shown_time: null, markup_time: null, permalink: null };
    const page = { canonical: null, status: 200, title: "Wall", referrer: null, viewportWidth: 64,
      viewportHeight: 32, devicePixelRatio: "1", locale: "fr", timeZone: "Europe/Paris" };
    const kept = await finish(draft, { reading, page, snapshot: `<p>${reading.text}`,
      isPostOnly: false, crop: [{ index: 0, geometry }], isSteady: true, around: geometry,
      isSame: true, lines: 1, seen: 1, lost: [], thread: [], words: [] });
    made.push(kept.id);
  }
  return made;
}"""


def capture_many(page: Page, count: int, site: str) -> list[str]:
    """Keeps so many captures of posts of a wall, as after as many clicks; their ids, in order.

    `page` is one of the extension's own. Each goes from a draft with a picture through cutting,
    hashing and signing to the outbox.
    """
    made: list[str] = page.evaluate(MAKE, [count, site])
    return made
