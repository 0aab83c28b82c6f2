"""Rules of the extension that can be checked by reading its files."""

import json
import re
from pathlib import Path

import archiver
from api.errors import STATUSES
from archiver.domain.verdict import State

EXTENSION = Path(archiver.__file__).parent.parent / "extension"
OWN = [path for path in EXTENSION.rglob("*.js") if "reader" not in path.parts]
PAGES = list((EXTENSION / "pages").glob("*.html"))


def messages(language: str) -> dict[str, str]:
    path = EXTENSION / "_locales" / language / "messages.json"
    return {key: entry["message"] for key, entry in json.loads(path.read_text()).items()}


def all_source() -> str:
    return "\n".join(path.read_text() for path in [*OWN, *PAGES])


def test_permissions_at_install_are_no_more_than_promised() -> None:
    manifest = json.loads((EXTENSION / "manifest.json").read_text())
    assert sorted(manifest["permissions"]) == [
        "activeTab",
        "alarms",
        "contextMenus",
        "notifications",
        "scripting",
        "sidePanel",  # Chrome alone, and without a warning; Firefox's package has none
        "storage",
        "unlimitedStorage",
    ]
    assert "host_permissions" not in manifest
    assert "content_scripts" not in manifest
    assert "web_accessible_resources" not in manifest
    assert manifest["content_security_policy"]["extension_pages"].startswith("default-src 'none'")


def test_french_and_english_say_the_same_things_with_the_same_figures() -> None:
    english, french = messages("en"), messages("fr")
    assert english.keys() == french.keys()
    for key, text in english.items():
        figures = set(re.findall(r"\$\d", text))
        assert figures == set(re.findall(r"\$\d", french[key])), key


def test_no_line_of_french_begins_with_its_punctuation() -> None:
    said = {key: text for key, text in messages("fr").items() if key != "original_readme"}
    assert [key for key, text in said.items() if re.search(" [:;?!»]|« ", text)] == []


def test_every_word_that_is_asked_for_exists() -> None:
    source = all_source() + (EXTENSION / "manifest.json").read_text()
    asked = set(re.findall(r'(?:words|getMessage|line\(words)\("([a-z_]+)"', source))
    asked |= set(re.findall(r'data-words="([a-z_]+)"', source))
    asked |= set(re.findall(r"__MSG_([a-z_]+)__", source))
    asked |= {f"fault_{code}" for code in re.findall(r'new Fault\("([a-z_]+)"', source)}
    unheard = {"fault_not_sealed", "fault_parts_lost"}  # never shown: the outbox tells them its way
    assert len(asked) > 60
    assert asked - unheard <= messages("en").keys()


def test_every_state_of_a_verdict_has_words() -> None:
    assert {f"state_{state.value}" for state in State} <= messages("en").keys()


def test_every_reason_for_which_the_service_refuses_something_has_words() -> None:
    never = {"not-a-bundle", "unauthenticated"}  # not asked by the extension; "token_refused"
    kinds = {kind for _, status, kind in STATUSES if 400 <= status < 500} - never
    guards = "".join(path.read_text() for path in (EXTENSION.parent / "api").glob("security*.py"))
    kinds |= set(re.findall(r'kind="([a-z-]+)"', guards))
    assert {"wrong-host", "too-large", "invalid-picture"} <= kinds
    wanted = {f"refused_{kind.replace('-', '_')}" for kind in kinds | {"clock"}}
    assert wanted == {key for key in messages("en") if key.startswith("refused_")}


def test_every_message_has_one_handler_and_one_line_in_the_table() -> None:
    text = (EXTENSION / "messages.js").read_text()
    table = set(re.findall(r"^ \* \| ([a-z]+\.[a-z]+)", text, re.MULTILINE))
    senders = set(re.findall(r'^  "([a-z]+\.[a-z]+)":', text, re.MULTILINE))
    background = (EXTENSION / "background.js").read_text()
    handled = set(re.findall(r'^  "([a-z]+\.[a-z]+)":', background, re.MULTILINE))
    files = {path.stem.replace("_", ".") for path in (EXTENSION / "handlers").glob("*.js")}
    assert table == senders == handled == files


def test_nothing_that_a_page_wrote_is_read_as_markup_or_code() -> None:
    forbidden = (
        r"\.innerHTML|insertAdjacentHTML|outerHTML\s*=|document\.write|\beval\(|new Function"
    )
    for path in OWN:
        assert not re.search(forbidden, path.read_text()), path


def test_the_background_keeps_no_state_in_its_modules() -> None:
    paths = [EXTENSION / "background.js", *(EXTENSION / "lib").glob("*.js")]
    for path in [*paths, *(EXTENSION / "handlers").glob("*.js")]:
        assert not re.search(r"^(export )?(let|var) ", path.read_text(), re.MULTILINE), path


def test_every_script_of_a_page_is_there_and_the_reader_is_put_in_whole() -> None:
    text = (EXTENSION / "lib" / "start.js").read_text()
    named = re.findall(r'"((?:reader|page)/[a-z]+\.js)"', text)
    assert all((EXTENSION / name).is_file() for name in named)
    for folder in ("reader", "page"):
        there = {f"{folder}/{path.name}" for path in (EXTENSION / folder).glob("*.js")}
        assert there <= set(named)
