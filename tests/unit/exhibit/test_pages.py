"""What a reader finds on the pages."""

import io
from collections.abc import Callable

import pypdf
import pytest

from archiver.evidence.exhibit.facts import PRACTICE, NoticeFacts, PostFacts
from archiver.evidence.exhibit.page import SECTIONS
from archiver.evidence.exhibit.words import words_of
from tests.unit.exhibit import story
from tests.unit.exhibit.conftest import Made


def folded(text: str) -> str:
    return " ".join(text.split())


def picture_pages(made: Made) -> list[int]:
    """Pages that draw an image (operator `Do`); the resources are shared by all pages."""
    drawn = [page.get_contents() for page in pypdf.PdfReader(io.BytesIO(made.pdf)).pages]
    return [
        n
        for n, content in enumerate(drawn)
        if content is not None and b" Do\n" in content.get_data()
    ]


def test_every_section_is_there_in_both_languages(english: Made, french: Made) -> None:
    for made, lang in ((english, "en"), (french, "fr")):
        for number, (_, path) in enumerate(SECTIONS, start=1):
            heading = folded(f"{number}. {words_of(lang)(path)}")  # type: ignore[arg-type]
            assert made.text.count(heading) == 2, heading  # in the table of contents, and above it


def test_the_conclusion_is_the_careful_sentence(english: Made, french: Made) -> None:
    assert (
        "No longer publicly visible between 1 March 2026, 20:22:05 UTC and"
        " 1 March 2026, 20:32:05 UTC." in english.pages[0]
    )
    assert (
        "A cessé d’être visible publiquement entre le 1er mars 2026 à 20:22:05 UTC et le"
        " 1er mars 2026 à 20:32:05 UTC." in french.pages[0]
    )


def test_the_post_is_printed_word_by_word(english: Made) -> None:
    assert folded(story.TEXT) in english.text
    for value in ("Jean Dupont", "3 min", f"{story.WALL}&post=7"):
        assert value in english.text


def test_failed_looks_are_listed_with_their_reason(english: Made) -> None:
    for look in story.LOOKS:
        assert f"{look.leaf} {look.at:%Y-%m-%d %H:%M:%S}" in english.text
    assert english.text.count("failed: the site asked to sign in") == 2  # table and timeline
    assert "a form with a password" in english.text


def test_each_picture_page_carries_address_time_and_hash(english: Made, french: Made) -> None:
    for made in (english, french):
        numbers = picture_pages(made)
        assert len(numbers) == 1 + 3 + 1  # the long one takes three pages
        hashes = [story.HASHES[0], *[story.HASHES[1]] * 3, story.HASHES[2]]
        times = [story.PICTURES[i].at for i in (0, 1, 1, 1, 2)]
        for number, sha256, at in zip(numbers, hashes, times, strict=True):
            assert sha256 in made.pages[number]
            assert story.WALL in made.pages[number]
            assert f"{at:%Y-%m-%d %H:%M:%S} UTC" in made.pages[number]


def test_missing_fields_are_named_as_missing(english: Made) -> None:
    words = words_of("en")
    given = story.facts().practice
    listed = english.text[english.text.rindex("12. Checklist") :]
    for name in (name for names in PRACTICE.values() for name in names):
        label = folded(words(f"practice.fields.{name}"))
        if name in given.values:
            expected = folded(words.of("practice.values", given.values[name]))
        elif name in given.withheld:
            expected = words("withheld")
        else:
            expected = "Declared" if name == "checking_proxy" else "missing"
        assert f"{label} {expected}" in listed, name
    assert "44 fields: 5 present, 1 withheld, 38 missing." in listed


def test_the_proxy_and_the_profile_are_declared(english: Made, french: Made) -> None:
    assert "through a checking proxy of its own" in english.text
    assert "mandataire (proxy) de contrôle" in french.text
    assert "live" in english.text


def test_the_proof_is_told(english: Made) -> None:
    proof = story.proof()
    for value in (
        proof.log_key_sha256, proof.roots[0].sha256, "https://tsa.example (CN=TSA)", "1.2.3, 77",
        "yes, according to the operator of the service", "no: the service's own authority.",
        "witness.example", "not stamped yet", "page.wacz",
    ):  # fmt: skip
        assert value in english.text, value
    for record in proof.records:
        assert record.statement_sha256[-20:] in english.text.replace(" ", "")


def test_the_drafts_are_marked_as_drafts(english: Made, french: Made) -> None:
    assert "DRAFT. To be reviewed and adapted by counsel" in english.text
    assert "PROJET. À faire relire et adapter par un avocat" in french.text
    assert f"entry 300) is {300:064x}" in english.text
    assert "Première vérification publique valable qui ne l’a pas trouvée 1er mars" in french.text


def test_the_document_tells_what_it_is(french: Made) -> None:
    reader = pypdf.PdfReader(io.BytesIO(french.pdf))
    assert reader.metadata is not None
    assert reader.metadata["/Keywords"] == f"rature-salt {story.SALT.hex()}"
    assert str(reader.metadata.title).startswith("Pièce")
    assert str(reader.trailer["/Root"]["/Lang"]) == "fr"  # type: ignore[index]
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert len(reader.outline[1]) >= len(SECTIONS)  # type: ignore[arg-type]
    assert b"rature-salt " + story.SALT.hex().encode() in french.pdf  # stock tools find it too
    assert b"/home/" not in french.pdf
    assert b"/tmp/" not in french.pdf
    assert french.pages[2].endswith(f"3 / {len(french.pages)}")


def test_what_was_told_and_taken_back_is_both_there(make: Callable[..., Made]) -> None:
    told, back = story.minutes(300), story.minutes(360)
    made = make(
        notices=(
            NoticeFacts(308, told, "withdrawn", "It was me."),
            NoticeFacts(311, back, "retracted", "It was not.", told),
        )
    )
    assert "It was me." in made.text
    assert f"Taken back: what was told at (UTC) {told:%Y-%m-%d %H:%M:%S}" in made.text
    said = "The author takes back what he or she had told."
    assert made.text.count(said) == 2  # among the notices and in the timeline


def test_what_is_withheld_is_named_and_nothing_else(make: Callable[..., Made]) -> None:
    made = make(
        masked=True,
        post=PostFacts(None, None, None, permalink=None, author_id=None),
        pictures=(
            story.PictureFacts(
                "post", story.picture(64, 64), 300, "cap_0123456789abcdef", story.POSTED, None,
                "screenshot/masked.png", story.HASHES[0], masked=True, hidden_tiles=2, tiles=4,
            ),
        ),
        notices=(NoticeFacts(308, story.minutes(300), "other", None),),
        practice=story.PracticeFacts({}, frozenset({"address_typed"})),
    )  # fmt: skip
    assert "This is a masked copy." in made.text
    assert "2 of 4 tiles are withheld" in made.pages[picture_pages(made)[0]]
    assert made.text.count("withheld by the owner of this record") >= 9
    for secret in ("Jean", "semelles", "wall.example/shoes"):
        assert secret not in made.text


HOSTILE = [
    '<img src="file:///etc/passwd">',
    "</style><style>@import url(http://198.51.100.1/a.css); body { display: none }</style>",
    '<link rel="attachment" href="file:///etc/passwd">',
    "{{ facts.proof }} {% include '/etc/passwd' %}",
    "&lt;script&gt; \x00 \x1b[31m \ud800 \ufffe",
    "exe.\u202egnp.tfos\u202c",
    "مرحبا بالعالم 鞋子 👟",
    " ".join(["mot"] * 10_000),
]


@pytest.fixture(scope="module")
def hostile(make: Callable[..., Made]) -> Made:
    address = "javascript:alert(1)//" + "a" * 3000
    everywhere = PostFacts("\n".join(HOSTILE), HOSTILE[0], address, parent=HOSTILE[1])
    practice = story.PracticeFacts({"options": HOSTILE[1], "path_followed": HOSTILE[3]})
    tall = story.PictureFacts(
        "page", story.picture(1440, 1500), 302, "vis_0123456789abcdef", story.POSTED, address,
        "page/TILES.sha256", story.HASHES[1], masked=True, hidden_tiles=1, tiles=9,
    )  # fmt: skip
    return make(post=everywhere, practice=practice, pictures=(tall,), masked=True)


def test_hostile_text_is_only_text(hostile: Made) -> None:
    for written in (HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[3], "exe.[U+202E]gnp.tfos[U+202C]"):
        assert folded(written).replace(" ", "") in hostile.text.replace(" ", "")
    assert "root:" not in hostile.text
    assert hostile.text.count("mot") >= 10_000
    assert "\x00" not in hostile.text


def test_hostile_text_makes_no_link_and_no_attachment(hostile: Made) -> None:
    reader = pypdf.PdfReader(io.BytesIO(hostile.pdf))
    assert reader.attachments == {}
    links = [
        annotation.get_object()
        for page in reader.pages
        for annotation in page.get("/Annots", [])
        if annotation.get_object()["/Subtype"] == "/Link"
    ]
    assert links  # those of the table of contents
    assert all("/Dest" in link and "/A" not in link for link in links)


def test_a_long_address_does_not_push_the_picture_off_its_page(hostile: Made) -> None:
    (number,) = picture_pages(hostile)
    assert story.HASHES[1] in hostile.pages[number]
    assert 200 < hostile.pages[number].count("a") < 600  # the address has 3000
