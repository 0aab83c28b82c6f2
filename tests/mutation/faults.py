"""Deliberate faults in what decides a verdict, each as one change of text in one module.

A fault that no test notices is a hole in the tests. To add one: the module, the text as it stands
there (it must occur once), what it becomes, and what that would do to people.
"""

from tests.mutation.fault import Fault
from tests.mutation.faults_choice import CHOICE_FAULTS

FAULTS = [
    # --- what counts as a look
    Fault(
        "absence by plain request counts",
        "rules_trailing",
        'return look.via == "browser" or look.sighting is Sighting.PRESENT',
        "return True",
    ),
    Fault(
        "the author's look counts as public",
        "rules_facts",
        "looks = tuple(x for x in counted if x.vantage.class_ is VantageClass.PUBLIC)",
        "looks = tuple(counted)",
    ),
    Fault(
        "invalid looks of the author count as trailing",
        "rules_facts",
        "trailing=trailing_of(public, policy)",
        "trailing=trailing_of(observations, policy)",
    ),
    Fault(
        "a valid look does not end the invalid ones",
        "rules_trailing",
        "            trailing.clear()",
        "            pass",
    ),
    Fault(
        "records are taken in the order given",
        "rules_facts",
        "    ordered = sorted({identity(record): record for record in records}.items(),"
        " key=lambda x: x[0])",
        "    ordered = list({identity(record): record for record in records}.items())",
    ),
    Fault(
        "a sighting of the same moment comes first",
        "rules_facts",
        '"1" if is_seen(record) else "0"',
        '"0" if is_seen(record) else "1"',
    ),
    Fault(
        "a collapsed post counts as gone",
        "rules_facts",
        "Sighting.EDITED, Sighting.COLLAPSED})",
        "Sighting.EDITED})",
    ),
    # --- levels
    Fault(
        "likely without its span",
        "rules_facts",
        "span < timedelta(seconds=policy.likely_span)",
        "span < timedelta(0)",
    ),
    Fault(
        "likely with a miss too few",
        "rules_facts",
        "len(misses) < policy.misses",
        "len(misses) + 1 < policy.misses",
    ),
    Fault(
        "span and misses, one of them enough",
        "rules_facts",
        "len(misses) < policy.misses or span",
        "len(misses) < policy.misses and span",
    ),
    Fault(
        "confirmed before its time",
        "rules_facts",
        "look.at - misses[0].at >= after",
        "look.at - misses[0].at >= after / 2",
    ),
    Fault(
        "confirmed against the trio",
        "rules_facts",
        "agrees = self.newest_trio is not False and not self.author_in_doubt",
        "agrees = not self.author_in_doubt",
    ),
    Fault(
        "confirmed though the author may have left",
        "rules_facts",
        "agrees = self.newest_trio is not False and not self.author_in_doubt",
        "agrees = self.newest_trio is not False",
    ),
    Fault(
        "the author's own page settles nothing",
        "rules_facts",
        "return not any(AUTHOR_THERE in look.facts for look in absent)",
        "return True",
    ),
    Fault(
        "an account is gone without a living one beside it",
        "author_page",
        "return AuthorIs.GONE if lives or (other is None and elsewhere) else AuthorIs.UNCLEAR",
        "return AuthorIs.GONE",
    ),
    Fault(
        "a neighbour that fails is none",
        "author_page",
        "return AuthorIs.GONE if lives or (other is None and elsewhere) else AuthorIs.UNCLEAR",
        "return AuthorIs.GONE if lives or elsewhere else AuthorIs.UNCLEAR",
    ),
    Fault(
        "an empty shell says not found",
        "trio",
        "return one.title == nothing.title and size and bool(mark) and mark <= one.said",
        "return one.title == nothing.title and size",
    ),
    Fault(
        "any page of the site proves a post's own",
        "trio",
        "return differ == 0 or (differ == 1 and len(pairs) > 1)",
        "return True",
    ),
    Fault(
        "a page whose requests failed is not found",
        "trio",
        "return Asked(Answer.UNCLEAR) if page.unsure and asked.soft else asked",
        "return asked",
    ),
    Fault(
        "a served permalink agrees",
        "rules_trio",
        "    if look.trio.target is Answer.SERVED:\n        return False\n",
        "",
    ),
    Fault(
        "a post never seen can be likely",
        "rules",
        "        if run is None or run.last_seen is None:\n"
        "            return False\n        return run.is_removed",
        "        if run is None:\n            return False\n        return run.is_removed",
    ),
    Fault(
        "tombstones count as misses",
        "rules_facts",
        "counted = UNSEEN if self.is_hidden else {Sighting.ABSENT}",
        "counted = UNSEEN | {Sighting.TOMBSTONE}",
    ),
    # --- hidden, pending, withdrawn
    Fault("hidden after one look", "rules_facts", "HIDDEN_MISSES = 2", "HIDDEN_MISSES = 1"),
    Fault(
        "hidden though nobody sees it",
        "rules_facts",
        "return self.last_seen is not None and ends_unseen and still_there and enough",
        "return self.last_seen is not None and ends_unseen and enough",
    ),
    Fault(
        "the author's oldest look decides",
        "rules_facts",
        "return bool(self.author_looks) and is_seen(self.author_looks[-1])\n\n"
        "    @property\n    def is_tentative",
        "return bool(self.author_looks) and is_seen(self.author_looks[0])\n\n"
        "    @property\n    def is_tentative",
    ),
    Fault(
        "pending though it was public once",
        "rules_facts",
        "return unseen and not stone and self.last_sighting is None and self.author_sees",
        "return unseen and not stone and self.author_sees",
    ),
    Fault(
        "withdrawn for ever",
        "rules_facts",
        "return bool(said) and (self.last_sighting is None or said[-1] >= self.last_sighting.at)",
        "return bool(said)",
    ),
    Fault(
        "a notice covers a later disappearance",
        "rules_facts",
        "covered = covered and not self._held(candidate)",
        "covered = covered",
    ),
    # --- disputed, unresolved
    Fault(
        "vantages that agree again still dispute",
        "rules_facts",
        "                if differ and still:",
        "                if differ:",
    ),
    Fault(
        "vantages dispute over any time",
        "rules_facts",
        "                if later.at - earlier.at > within:\n                    break\n",
        "",
    ),
    Fault("one change alternates", "rules_facts", "ALTERNATIONS = 3", "ALTERNATIONS = 2"),
    Fault(
        "invalid looks resolve too late",
        "rules_facts",
        "self.trailing[-1].at - self.trailing[0].at >= span",
        "self.trailing[-1].at - self.trailing[0].at >= 2 * span",
    ),
    Fault(
        "one invalid look makes indeterminate",
        "rules_facts",
        "        return enough and self.trailing",
        "        return bool(self.trailing) or self.trailing",
    ),
    # --- windows
    Fault(
        "the window starts at the first sighting",
        "rules_facts",
        "return (by_browser if concealed and by_browser else stretch)[-1].at",
        "return (by_browser if concealed and by_browser else stretch)[0].at",
    ),
    Fault(
        "the window ends at the last absence",
        "rules_facts",
        "        return self.looks[0].at",
        "        return self.looks[-1].at",
    ),
    # --- rules
    Fault(
        "the tombstone rule comes after removed",
        "rules",
        "        _stone,\n        State.TOMBSTONED,",
        "        lambda facts: False,\n        State.TOMBSTONED,",
    ),
    Fault(
        "silent although reasons were given",
        "rules",
        "return not run.stones and not _told(facts)",
        "return not run.stones",
    ),
    Fault(
        "silent although a tombstone stands",
        "rules",
        "return not run.stones and not _told(facts)",
        "return not _told(facts)",
    ),
    Fault(
        "restored after a mere suspicion",
        "rules",
        "if run is None or run.level(facts.policy) not in (Level.LIKELY, Level.CONFIRMED):",
        "if run is None:",
    ),
    Fault(
        "restored after the author's withdrawal",
        "rules",
        "return there and not facts.covered(run, NoticeKind.WITHDRAWN)",
        "return there",
    ),
    Fault(
        "invalid looks overthrow a removal",
        "rules",
        "lambda facts: facts.unresolved_too_long and not _stands(facts)",
        "lambda facts: facts.unresolved_too_long",
    ),
    Fault(
        "the moderator did it, by default",
        "rules",
        "return facts.open_run.actor if facts.open_run else Actor.UNKNOWN",
        "return Actor.MODERATOR",
    ),
    # --- identity
    Fault(
        "names are compared loosely",
        "anchoring",
        "return _name(one) == _name(other)",
        "return _name(one)[:3] == _name(other)[:3]",
    ),
    Fault(
        "unknown authors are one",
        "anchoring",
        "    if not one or not other:\n        return False\n    return _name",
        "    if not one or not other:\n        return True\n    return _name",
    ),
    Fault("half a text is the post", "anchoring", "GUTTED = 0.60", "GUTTED = 0.40"),
    Fault("any author's likeness is the post", "anchoring", "SAME = 0.90", "SAME = 0.55"),
    Fault("short texts may differ", "anchoring", "SHORT = 40", "SHORT = 4"),
    Fault("ids by number alone", "anchoring", "return longer.endswith(shorter)", "return True"),
    Fault(
        "a later quotation is the post",
        "anchoring",
        "return not wanted.known_before and any(",
        "return any(",
    ),
    Fault(
        "hosts are compared by their ends",
        "page_state",
        'return first.removeprefix("www.") == second.removeprefix("www.")',
        "return first.endswith(second) or second.endswith(first)",
    ),
    # --- gates
    Fault("fewer neighbours are enough", "controls", "SHARE = 0.6", "SHARE = 0.3"),
    Fault(
        "one side is enough",
        "controls",
        "    if not (sides.found_after or (not sides.after and end)):\n        return None\n",
        "",
    ),
    Fault(
        "a gap between the neighbours is overlooked",
        "controls",
        "    return len(stretches) == 1",
        "    return True",
    ),
    Fault(
        "the author's own posts are neighbours",
        "controls",
        "others = [s for s in seen.siblings if not same_author(s.author, author)]",
        "others = list(seen.siblings)",
    ),
    Fault(
        "two neighbours prove a partly read list",
        "controls",
        "    if sides.known <= FEW and not wall.complete:",
        "    if False:",
    ),
    Fault(
        "a status of 500 is no obstacle",
        "page_state",
        "    if status >= 500:",
        "    if status >= 600:",
    ),
    Fault(
        "a captcha with status 200 is no obstacle",
        "page_state",
        "    if mitigated or (hard and sparse)",
        "    if mitigated or (hard and sparse and refusing)",
    ),
    Fault(
        "a log-in form is no obstacle",
        "page_state",
        "    if page.passwords:\n        return Finding(Reason.LOGIN_WALL,"
        ' "The page asks for a password instead of showing posts.")\n',
        "",
    ),
    Fault("an old copy is fresh", "page_state", "FRESH_SECONDS = 300", "FRESH_SECONDS = 300_000"),
    Fault(
        "the trio agrees without a live sibling",
        "trio",
        "agrees = wanted is Answer.GONE and none is Answer.GONE and served",
        "agrees = wanted is Answer.GONE and none is Answer.GONE",
    ),
    Fault("a long text is a tombstone", "tombstone", "MOST_AROUND = 60", "MOST_AROUND = 600"),
    # --- schedule
    Fault(
        "the site's wish to wait is ignored",
        "schedule",
        "        if asked > at:",
        "        if False:",
    ),
    Fault(
        "a challenge is retried at once",
        "schedule",
        "UNWELCOME_RETRY = HOUR",
        "UNWELCOME_RETRY = 1.0",
    ),
    *CHOICE_FAULTS,
]
