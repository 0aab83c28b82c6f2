"""Placeholders are known by their words, in several languages; other texts are not."""

import pytest

from archiver.checker.tombstone import actor_of


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("[removed]", "unknown"),
        ("This comment has been deleted.", "unknown"),
        ("Ce commentaire a été supprimé par son auteur.", "author"),
        ("Dieser Beitrag wurde von der Moderation entfernt.", "moderator"),
        ("Este comentario ha sido eliminado por un moderador", "moderator"),
        ("このコメントは削除されました", "unknown"),
        ("Комментарий удалён модератором", "moderator"),
        ("", None),
        ("They removed my complaint, and nobody told me why.", None),
        ("I deleted my account after this.", None),
        # somebody's own words about it, at length
        ("Funny: it said that this comment has been removed, and I had only asked when my "
         "parcel would come. Is that how you treat people who pay?", None),
    ],
)  # fmt: skip
def test_actor_by_wording(text: str, actor: str | None) -> None:
    assert actor_of(text) == actor
