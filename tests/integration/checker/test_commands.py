"""`rature check` with a history, and `rature read` of a page and of a saved file."""

import json
from pathlib import Path

from archiver.checker.commands import check, read
from tests.integration.checker.conftest import checker_options
from tests.walls import sim_markup
from tests.walls.sim_posts import make_posts
from tests.walls.simulated import SimulatedWall


async def test_history_gives_the_controls_and_takes_the_look(
    chromium: Path, tmp_path: Path
) -> None:
    options, history = checker_options(chromium), tmp_path / "looks.jsonl"
    with SimulatedWall("blog") as wall:
        text = wall.post(107).text
        first = await check(wall.url, text=text, history=history, options=options)
        wall.remove(107)
        second = await check(wall.url, text=text, history=history, options=options)
    assert first["observation"]["sighting"] == "present"
    assert first["verdict"]["state"] == "visible"
    assert second["observation"]["sighting"] == "absent"
    assert second["observation"]["vantage"] == {"class": "public", "id": "default"}
    assert (second["verdict"]["state"], second["verdict"]["level"]) == ("removed", "suspected")
    lines = [json.loads(line) for line in history.read_text().splitlines()]
    assert lines == [first["observation"], second["observation"]]


async def test_page_and_saved_file_read_the_same(chromium: Path, tmp_path: Path) -> None:
    options, posts = checker_options(chromium), make_posts()
    saved = tmp_path / "wall.html"
    saved.write_text(sim_markup.blog(posts, 1))
    with SimulatedWall("blog") as wall:
        live = await read(wall.url, options=options)
    kept = await read(str(saved), options=options)
    assert live["page"]["validity"] == kept["page"]["validity"] == "valid"
    assert live["page"]["order"] == "oldest_first"
    assert len(live["page"]["more"]) == 2
    for page in (live, kept):
        read_posts = [(p["id"], p["author"], p["text"], p["visible"]) for p in page["posts"]]
        assert read_posts == [(f"comment-{p.number}", p.author, p.text, True) for p in posts[:10]]


async def test_scripts_of_a_saved_file_run_only_when_asked(chromium: Path, tmp_path: Path) -> None:
    options, saved = checker_options(chromium), tmp_path / "page.html"
    saved.write_text(
        "<title>before</title><p>Nothing here.</p><script>document.title = 'after'</script>"
    )
    assert (await read(str(saved), options=options))["page"]["title"] == "before"
    with_scripts = await read(str(saved), options=options, scripts=True)
    assert with_scripts["page"]["title"] == "after"


async def test_links_inside_drawings_do_not_stop_the_reading(
    chromium: Path, tmp_path: Path
) -> None:
    """The `href` of a link in an SVG is no text: one such icon once made a page unreadable."""
    drawing = (
        "<svg width='20' height='20'><a href='/next?page=2'><rect width='9' height='9'/></a></svg>"
    )
    posts, saved = make_posts(), tmp_path / "wall.html"
    page = sim_markup.blog(posts, 1)
    saved.write_text(
        page.replace("<body>", f"<body>{drawing}", 1).replace("</p>", f"</p>{drawing}")
    )
    assert drawing in saved.read_text()
    shown = await read(str(saved), options=checker_options(chromium))
    assert shown["page"]["validity"] == "valid"
    assert [p["author"] for p in shown["posts"]] == [p.author for p in posts[:10]]
    assert [p["text"] for p in shown["posts"]] == [p.text for p in posts[:10]]
