"""Every sentence of the page that checks bundles is known to the page in the visitor's language."""

import re
from pathlib import Path

from api.web import i18n, verify_words

SCRIPTS = Path(i18n.__file__).parent / "static" / "verify"
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$| // .*?$", re.DOTALL | re.MULTILINE)
OUR_OWN_FAULT = re.compile(r"new (?:TypeError|RangeError)\([^)]*\)")
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
BAGIT = r"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
SEVERAL_WORDS = re.compile(r"[\w}:] [\w{(]")
SAID = re.compile(r'\bsay\(\s*"((?:[^"\\\n]|\\.)*)"')
FORBIDDEN = re.compile(
    r"\.innerHTML|insertAdjacentHTML|outerHTML\s*=|document\.write|\beval\(|new Function"
    r"|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|EventSource|location\s*=|window\.open"
)
VALUES = re.compile(r"\{\w+\}")


def scripts() -> dict[str, str]:
    found = {}
    for path in SCRIPTS.glob("*.js"):
        found[path.name] = OUR_OWN_FAULT.sub("", COMMENT.sub("", path.read_text("utf-8")))
    return found


def test_the_scripts_say_what_is_translated_and_nothing_else() -> None:
    text = "\n".join(scripts().values())
    said = {found for found in STRING.findall(text) if SEVERAL_WORDS.search(found)}
    said |= set(SAID.findall(text))
    said -= {BAGIT}
    assert said - set(verify_words.TEXTS) == set()
    silent = {sentence for sentence in verify_words.TEXTS if f'"{sentence}"' not in text}
    assert silent == set()


def test_translations_keep_the_values() -> None:
    french = i18n.language("fr")
    for sentence in verify_words.TEXTS:
        there = sorted(VALUES.findall(french.gettext(sentence)))
        assert there == sorted(VALUES.findall(sentence)), sentence


def test_no_script_makes_markup_of_what_it_reads_or_reaches_out() -> None:
    assert len(scripts()) > 30
    found = {name: FORBIDDEN.findall(text) for name, text in scripts().items()}
    assert {name: hits for name, hits in found.items() if hits} == {}
