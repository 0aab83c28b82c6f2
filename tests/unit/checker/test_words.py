"""The wordings that help: data in at least twelve languages."""

import pytest

from archiver.checker.words import load

PARTS = [("consent", "refuse"), ("folds", "folded"), ("folds", "open"), ("folds", "never")]
IN_EACH = {
    ("consent", "refuse"): "reject,refuser,ablehnen,rechazar,rifiuta,rejeitar,weigeren,odrzuć,"
    "отклонить,відхилити,reddet,neka,odmítnout,απόρριψη,رفض,סירוב,拒绝,拒否,거부",
    ("folds", "folded"): "replies,réponses,antworten,respuestas,risposte,respostas,reacties,"
    "odpowiedzi,ответов,відповідей,yanıt,svar,απαντήσεις,ردود,תגובות,回复,返信,답글",
    ("folds", "open"): "show replies,voir les réponses,antworten anzeigen,ver respuestas,"
    "mostra risposte,ver respostas,toon reacties,pokaż odpowiedzi,показать ответы,visa svar,"
    "عرض الردود,查看回复,返信を表示,답글 보기",
    ("folds", "never"): "report,signaler,melden,denunciar,segnala,excluir,verwijderen,usuń,"
    "пожаловаться,видалити,sil,rapportera,smazat,διαγραφή,حذف,דווח,举报,通報,신고",
}


@pytest.mark.parametrize("part", PARTS)
def test_many_languages_and_all_in_the_agreed_form(part: tuple[str, str]) -> None:
    name, list_name = part
    words = load(name)[list_name]
    assert set(IN_EACH[part].split(",")) <= set(words)
    assert len(IN_EACH[part].split(",")) >= 12
    assert all(word == word.lower().strip() for word in words)
    assert not [word for word in words if any(char in word for char in "'’.,!?\"")]


HIDDEN = "hidden,cachés,versteckt,ocultos,nascosto,verborgen,ukrytych,скрыто,gizli,gömd,skjult,مخفي"


def test_a_number_of_hidden_posts_is_a_fold_in_many_languages() -> None:
    assert set(HIDDEN.split(",")) <= set(load("folds")["folded"])


def test_no_refusal_agrees() -> None:
    agreeing = {"accept", "accept all", "ok", "agree", "akzeptieren", "accepter", "aceptar"}
    assert not agreeing & set(load("consent")["refuse"])
    assert all(":has(" not in selector for selector in load("consent")["managers"])
