"""Deliberate faults in what tells a removal from a choice of posts, a moved one, or other words."""

from tests.mutation.fault import Fault

CHOICE_FAULTS = [
    # --- a wall that shows but a choice of its posts
    Fault("a single missing one makes a choice", "thinned", "MANY = 3", "MANY = 1"),
    Fault("only nearly all missing make a choice", "thinned", "SHARE = 1 / 4", "SHARE = 0.9"),
    Fault("a list that was cut is no choice", "thinned", "CUT = 3", "CUT = 30"),
    Fault(
        "new posts do not push old ones out",
        "thinned",
        "tail >= CUT and tail > new",
        "tail >= CUT",
    ),
    Fault(
        "what new posts pushed out is missing",
        "thinned",
        "there if tail > new else there[: len(there) - tail]",
        "there",
    ),
    Fault(
        "a sweep to the end of the list is a sweep",
        "thinned",
        "if start > 0 and end < len(there) else range(0)",
        "if end - start else range(0)",
    ),
    Fault(
        "answers that went with their parents are missing by themselves",
        "thinned",
        "not is_there and s.parent in marks",
        "False",
    ),
    Fault(
        "the author's other posts make a choice",
        "thinned",
        "if not same_author(s.author, author)]",
        "if s]",
    ),
    Fault(
        "a parent is gone on a wall that shows a choice",
        "sighting",
        "if said.sighting is Sighting.PARENT_GONE:",
        "if False:",
    ),
    # --- a wall that is read on, beyond what its posts need
    Fault(
        "a wall is never read on while its posts are there",
        "goal",
        "if said.place is not None and is_due(history):",
        "if said.place is None and is_due(history):",
    ),
    Fault(
        "one far look is enough for ever",
        "read_far",
        "_seen(history)[-EVERY + 1 :]",
        "_seen(history)",
    ),
    Fault(
        "what had gone from the end of the list by the last look is known still",
        "read_far",
        "after if reached.get(ENDS) else [*after, *beyond[1]]",
        "[*after, *beyond[1]]",
    ),
    Fault(
        "what had gone between others by the last look is known still",
        "read_far",
        "max(max(again) + 1, len(before))",
        "len(before)",
    ),
    Fault(
        "a far look of a list that was turned round is put on its wrong side",
        "read_far",
        "if runs_back(again) else",
        "if not again else",
    ),
    Fault(
        "the pages behind raise no doubt",
        "sighting",
        "shows_a_choice(history, far or wall, target.author)",
        "shows_a_choice(history, wall, target.author)",
    ),
    # --- posts whose addresses lead to their places on the wall
    Fault(
        "an address that led to the wall without the post is gone, since others lead to theirs",
        "trio",
        "place = sibling.leads_there and not target.back and not nothing.back",
        "place = sibling.leads_there and not nothing.back",
    ),
    Fault(
        "every address leads to the wall, so the post is gone",
        "trio",
        "place = sibling.leads_there and not target.back and not nothing.back",
        "place = sibling.back and not target.back",
    ),
    # --- a missing post that lives on at another address
    Fault(
        "what the author's page still lists lives on, whatever its address says",
        "elsewhere",
        "if asked.answer is not Answer.GONE:",
        "if asked.answer:",
    ),
    Fault(
        "a new address that fails is no reason to doubt",
        "elsewhere",
        "if asked.answer is not Answer.GONE:",
        "if asked.answer is Answer.SERVED:",
    ),
    Fault(
        "the same text of another moment is the post",
        "elsewhere",
        "return None if then is False else bool(then)",
        "return True",
    ),
    Fault(
        "an undated text on the author's page is the post",
        "elsewhere",
        "return None if then is False else bool(then)",
        "return None if then is False else True",
    ),
    Fault(
        "the post's old address on the author's page is a new one",
        "elsewhere",
        "if here or any(same_address(post.permalink, link) for link in known):",
        "if here:",
    ),
    # --- words in a post's stead that name no removal
    Fault("the same words everywhere are a placeholder", "instead", "ALIKE = 2", "ALIKE = 20"),
    Fault(
        "words that stood there before are the page's",
        "instead",
        "normalise(sibling.text) == key",
        "sibling is None",
    ),
    Fault(
        "a request to log in is a placeholder",
        "instead",
        "if tombstone.asks_to_log_in(text):",
        "if not text and tombstone.asks_to_log_in(text):",
    ),
    Fault(
        "many removals that are named are the page's doing",
        "instead",
        "    if names_a_removal(text):\n        return None\n",
        "",
    ),
    Fault(
        "a post that was cut is edited",
        "instead",
        "return len(start) >= LEAST_LEFT and",
        "return not start and",
    ),
    Fault(
        "words of a complaint are taken for an obstacle",
        "sighting",
        "doubt = None if kept else _no_removal(",
        "doubt = _no_removal(",
    ),
    Fault("only a half of the posts makes a wall read otherwise", "in_place", "1 / 4", "1 / 2"),
]
