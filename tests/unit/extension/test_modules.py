"""The extension's pure modules, run where they are used: on a page of the extension."""

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from archiver.domain.digest import canonical_json
from tests.e2e.extension.launch import launch


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with launch(tmp_path_factory.mktemp("modules"), []) as browser:
        yield browser.open(browser.address("pages/pair.html"))


def run(page: Page, module: str, body: str, argument: Any = None) -> Any:
    """Evaluates `body` with the module as `m` and the argument as `a`; a fault gives its code."""
    code = (
        f"async ([a]) => {{ const m = await import('/lib/{module}.js');"
        f" try {{ return {body}; }} catch (e) {{ return 'fault: ' + (e.code ?? e.name); }} }}"
    )
    return page.evaluate(code, [argument])


# Characters around every border that matters to RFC 8785: control characters, the ones that JSON
# escapes, and names whose order differs between UTF-8 and UTF-16.
TEXT = st.text(
    st.sampled_from('ab"\\/\u0000\u001f\u007f\u20ac\u2028\ue000\ufb33\U0001f600é€'), max_size=6
)
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=VALUES)
def test_canonical_json_has_the_same_bytes_as_the_services(page: Page, value: Any) -> None:
    body = "m.canonicalJson(JSON.parse(a))"
    assert run(page, "canonical", body, json.dumps(value)).encode() == canonical_json(value)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("m.canonicalJson('\\ud800')", "half a character"),
        ("m.canonicalJson({a: NaN})", "not a number"),
        ("m.canonicalJson([1n])", "no JSON type"),
    ],
)
def test_what_json_cannot_carry_is_refused(page: Page, expression: str, why: str) -> None:
    assert run(page, "canonical", expression) == "fault: TypeError", why


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("http://127.0.0.1:8787", "http://127.0.0.1:8787"),
        (" 127.0.0.1:8787/ ", "http://127.0.0.1:8787"),  # this machine: http is meant
        ("localhost:8787", "http://localhost:8787"),
        ("192.168.1.5:8787", "http://192.168.1.5:8787"),  # in the house
        ("rature.example.org", "https://rature.example.org"),
        ("https://rature.example.org/watches?x=1", "https://rature.example.org"),
        ("http://rature.example.org", "fault: address_insecure"),
        ("http://127.0.0.1.example.org", "fault: address_insecure"),  # only looks like this machine
        ("https://user:pass@rature.example.org", "fault: address_invalid"),
        ("javascript://127.0.0.1/", "fault: address_invalid"),
        ("", "fault: address_invalid"),
    ],
)
def test_an_address_becomes_an_origin_or_a_fault(page: Page, typed: str, origin: str) -> None:
    assert run(page, "address", "m.originOf(a)", typed) == origin


def test_the_pauses_between_attempts_double_up_to_a_quarter_of_an_hour(page: Page) -> None:
    pauses = run(page, "backoff", "[1, 2, 3, 4, 9, 10, 500].map(m.backoff)")
    assert pauses == [2_000, 4_000, 8_000, 16_000, 512_000, 900_000, 900_000]


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        (None, 0),
        ("7", 7_000),
        ("Thu, 01 Jan 1970 00:00:30 GMT", 20_000),
        ("Thu, 01 Jan 1970 00:00:01 GMT", 0),  # in the past
        ("soon", 0),
        ("999999", 900_000),  # no service may silence the outbox for long
    ],
)
def test_retry_after_is_read_in_both_its_forms(page: Page, header: str | None, wait: int) -> None:
    assert run(page, "backoff", "m.retryAfter(a, 10000)", header) == wait


def geometry(top: float, height: float, clip: tuple[float, float] = (0, 100)) -> dict[str, Any]:
    post = {"left": 10, "top": top, "right": 60, "bottom": top + height}
    return {
        "windowWidth": 200,
        "post": post,
        "clip": {"left": 0, "top": clip[0], "right": 200, "bottom": clip[1]},
    }


@pytest.mark.parametrize(
    ("geometries", "width", "height", "is_whole"),
    [
        ([geometry(20, 50)], 200, 50, True),  # one picture shows it all
        ([geometry(20, 50)], 400, 100, True),  # the same at two device pixels a CSS pixel
        ([geometry(0, 250), geometry(-99, 250), geometry(-150, 250)], 200, 250, True),
        ([geometry(0, 250), geometry(-150, 250)], 200, 250, False),  # rows 100 to 149 are nowhere
        ([geometry(-5, 50)], 200, 50, False),  # its head was cut off
        ([geometry(20.5, 50)], 200, 51, True),  # begins between two pixels: both are taken
        ([geometry(0, 90, (10, 60)), geometry(-40, 90, (10, 60))], 200, 90, False),  # rows 0 to 9
    ],
)
def test_the_plan_of_a_stitched_picture(
    page: Page, geometries: list[dict[str, Any]], width: int, height: int, is_whole: bool
) -> None:
    plan = run(page, "stitch", f"m.plan(a, a.map(() => {width}))", geometries)
    assert (plan["height"], plan["isWhole"]) == (height, is_whole)


@pytest.mark.parametrize(
    ("name", "text", "black"),
    [
        ("Jean-Pierre", "Jean-Pierre, and JEAN-PIERRE.", "███████████, and ███████████."),
        ("Ann O'Hara (2)", "by Ann  O'Hara (2)!", "by ███  ██████ ███!"),
        ("a.b+c*d?e^f$g|h/i\\j{k}[l]", "a.b+c*d?e^f$g|h/i\\j{k}[l]", "█" * 25),
        ("Ann", "Anna and Ann", "Anna and ███"),
        ("Ann", "A\u200bnn", "█" * 4),
        ("Ünal", "ünal", "████"),
        ("Zoé", "Zoe\u0301 écrit", "████ écrit"),  # the other composition
        ("Zoe\u0301", "Zoé écrit", "███ écrit"),
        ("Zoé", "Zoe, Zoes, Zoés", "Zoe, Zoes, Zoés"),  # another name
        ("Zoe", "Zoe\u0301", "Zoe\u0301"),  # not the beginning of another
        ("Zoé", "Z\u200bo\u00ade\u200d\u0301!", "███████!"),  # what nobody sees within
        ("Zoé Roy", "Zoe\u0301\u00a0\u202fROY, Zoé\u200bRoy", "████\u00a0\u202f███, ███████"),
        ("Việt", "Vie\u0302\u0323t, Vie\u0323\u0302t", "██████, ██████"),  # marks in either order
        ("한글", "\u1112\u1161\u11ab\u1100\u1173\u11af", "██████"),
        ("한", "한글", "한글"),
        ("Zoé", "ＺＯÉ", "███"),  # of full width
        ("Sophie", "So\ufe0fphie et Soph\u034fie", "███████ et ███████"),
        ("fils", "ﬁls", "███"),  # a ligature
        ("O'Hara-Roy", "O’Hara‑Roy", "██████████"),  # typographic marks
        ("Weiß", "WEISS", "█████"),
        ("राम", "रामा राम", "रामा ███"),  # goes on with a vowel sign
        ("🦊 Zoé", "par 🦊 Zoe\u0301 🦊", "par █ ████ 🦊"),
        ("Zo\u200bé", "Zoé, Zo é", "███, ██ █"),  # where a line may break in it
        ("Ann Roy", "Ann" + "\ufeff" * 5000 + "x", "Ann" + "\ufeff" * 5000 + "x"),  # at once
        ("", "Zoé", "Zoé"),
        ("\u200b", "Zoé", "Zoé"),
    ],
)
def test_a_name_is_blacked_out_whatever_it_is_written_with(
    page: Page, name: str, text: str, black: str
) -> None:
    assert run(page, "redaction", "m.blackOut(a[0], [a[1]])", [text, name]) == black


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, ("removed", "likely"), False),  # the first verdict is no change
        (("visible", None), ("visible", None), False),
        (("visible", None), ("removed", "suspected"), True),
        (("removed", "suspected"), ("removed", "likely"), True),
        (("removed", "likely"), None, False),
        (("indeterminate", None), ("visible", None), False),  # the first look found it
        (("indeterminate", None), ("removed", "likely"), True),
    ],
)
def test_what_counts_as_a_change(page: Page, before: Any, after: Any, told: bool) -> None:
    def watch(verdict: Any) -> dict[str, Any]:
        known = verdict and {"state": verdict[0], "level": verdict[1]}
        return {"id": "w", "verdict": known}

    changed = run(
        page, "watches", "m.changed(a[0], a[1]).length", [[watch(before)], [watch(after)]]
    )
    assert changed == int(told)


PACK = """(async () => {
  const file = (n) => [`tiles/été-${n}.ppm`, new TextEncoder().encode(`${n}`)];
  const made = m.zip(Array.from({ length: a }, (_, n) => file(n)));
  return new Uint8Array(await made.arrayBuffer()).toBase64();
})()"""


@pytest.mark.parametrize("count", [3, pytest.param(65_536, marks=pytest.mark.matrix)])
def test_a_zip_holds_any_number_of_files_and_has_the_same_bytes_each_time(
    page: Page, count: int
) -> None:
    """A tall picture of a fine screen has more tiles than the 65,535 of a plain ZIP."""
    made = base64.b64decode(run(page, "zip", PACK, count))
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        assert [entry.filename for entry in opened.infolist()] == [
            f"tiles/été-{number}.ppm" for number in range(count)
        ]
        assert opened.testzip() is None
        assert opened.read(f"tiles/été-{count - 1}.ppm") == f"{count - 1}".encode()
    # the record that says how many there are has room for the number
    assert (b"PK\x06\x06" in made) == (count > 65_535)
    if count < 65_536:
        assert base64.b64decode(run(page, "zip", PACK, count)) == made
