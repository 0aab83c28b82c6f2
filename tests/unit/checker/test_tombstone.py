"""Placeholders are known by their words in many languages and by their place; posts are not."""

import json
import unicodedata
from importlib.resources import files

import pytest

from archiver.checker.reading import Post
from archiver.checker.tombstone import actor_of, stones, wordings
from archiver.domain.observation import Actor

LANGUAGES = json.loads(files("archiver.checker").joinpath("tombstones.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("[removed]", "unknown"),
        ("This comment has been deleted.", "unknown"),
        ("Comment removed by moderator · 3 hours ago", "moderator"),
        ("This comment has been removed for violating our guidelines. Learn more", "platform"),
        ("Ce commentaire a été supprimé par son auteur.", "author"),
        ("Ce message a été supprimé par la modération le 12 mars", "moderator"),
        ("Dieser Beitrag wurde von der Moderation entfernt.", "moderator"),
        ("Este comentario ha sido eliminado por un moderador", "moderator"),
        ("Questo commento è stato eliminato dall'autore", "author"),
        ("Este comentário foi removido.", "unknown"),
        ("Deze reactie is verwijderd door de redactie.", "moderator"),
        ("Kommentaren har tagits bort", "unknown"),
        ("Viesti on poistettu", "unknown"),
        ("Komentarz usunięty przez moderatora", "moderator"),
        ("Příspěvek byl odstraněn", "unknown"),
        ("Το σχόλιο διαγράφηκε από διαχειριστή", "moderator"),
        ("Комментарий удалён модератором", "moderator"),
        ("Комментарий удалён", "unknown"),
        ("КОММЕНТАРИЙ УДАЛЁН", "unknown"),
        ("Коментар видалено автором", "author"),
        ("Коментар видалено.", "unknown"),
        ("Bu yorum silindi.", "unknown"),
        ("تم حذف هذا التعليق", "unknown"),
        ("התגובה נמחקה על ידי הכותב", "author"),
        ("यह टिप्पणी हटा दी गई है।", "unknown"),
        ("ความคิดเห็นนี้ถูกลบโดยผู้ดูแล", "moderator"),
        ("このコメントは削除されました。", "unknown"),
        ("该评论已被管理员删除", "moderator"),
        ("此留言已刪除", "unknown"),
        ("관리자에 의해 삭제된 댓글입니다", "moderator"),
    ],
)
def test_actor_by_wording(text: str, actor: str) -> None:
    assert actor_of(text) == actor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "They removed my complaint, and nobody told me why.",
        "I deleted my account after this.",
        # somebody's own words about it: at length, in quotation marks, as a question
        "Funny: it said that this comment has been removed, and I had only asked when my parcel "
        "would come. Is that how you treat people who pay?",
        'Under mine it says "this comment was removed"',
        "Warum steht hier „dieser Kommentar wurde gelöscht“",
        "« ce commentaire a été supprimé », voilà leur réponse",
        "「このコメントは削除されました」と出ます",
        "Why does it say this post was deleted?",
        "¿por qué este comentario fue eliminado?",
        "After three polite questions about the bill all I got was: this comment was removed",
    ],
)
def test_words_about_a_removal_are_no_placeholder(text: str) -> None:
    assert actor_of(text) is None


def test_the_data_speaks_many_languages_in_several_scripts() -> None:
    said = {name for name, actors in LANGUAGES.items() if actors.get("unknown")}
    letters = {
        unicodedata.name(letter).split()[0]
        for actors in LANGUAGES.values()
        for text in actors.get("unknown", ())
        for letter in text
        if letter.isalpha()
    }
    assert len(said) >= 12
    scripts = {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "DEVANAGARI", "CJK", "HANGUL"}
    assert scripts <= letters
    assert set(wordings()) == set(Actor)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_line_of_the_data_is_recognised_as_its_actor(language: str) -> None:
    for actor, texts in LANGUAGES[language].items():
        for text in texts:
            found = actor_of(text)
            # a phrase may hold a surer one of another actor ("removed" within "removed by staff")
            assert found is not None, text
            assert found == actor or found != Actor.UNKNOWN, text


POSTS = (
    Post("The bread was burnt.", author="Ada"),
    Post("Same here.", author="Jonas"),
    Post("Not mine.", author="Lin"),
    Post("Try the walnut one.", author="Óscar"),
)
WORDS = "This comment has been removed"


@pytest.mark.parametrize(
    ("item", "actor"),
    [
        (Post(WORDS), "unknown"),
        (Post(WORDS, author="[deleted]"), "unknown"),
        (Post("Removed by a moderator", author=None), "moderator"),
        # its first line says it, whoever and whatever the next ones name
        (
            Post(f"{WORDS}.\nRemoved by Bartholomew_of_the_long_name on the second of March"),
            "unknown",
        ),
        (Post(f"{WORDS}, they say.\nHas anybody an idea what I may have done to deserve it"), None),
        (Post(f"{WORDS}?\nHas anybody an idea what I may have done to deserve that"), None),
        (Post(WORDS, author="Ada", struck=True), "unknown"),
        # no known wording, but nameless, and called deleted by its own mark-up
        (Post("Bình luận không còn nữa", struck=True), "unknown"),
        (Post("", struck=True), "unknown"),
        # a visitor who writes the very words
        (Post(WORDS, author="Mallory"), None),
        # nameless is not deleted
        (Post("I had the same with the rye loaf."), None),
        (Post(""), None),
        # a notice inside a post that is there ("edited; some links were removed")
        (Post("Two loaves, both fine.", author="Noor", struck=True), None),
    ],
)
def test_placeholders_among_posts(item: Post, actor: str | None) -> None:
    assert stones([*POSTS, item]) == [None, None, None, None, actor]


def test_where_nobody_is_named_a_missing_name_says_nothing() -> None:
    assert stones([Post("The bread was burnt."), Post(WORDS)]) == [None, None]
