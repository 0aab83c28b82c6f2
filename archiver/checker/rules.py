"""The rules that conclude a verdict from recorded looks and notices. Pure and deterministic.

`RULES` is the whole decision: an ordered table. Every rule whose condition holds has fired and is
stored in the verdict; the first fired one with a state gives state and level. Where a case could
be read in two ways, the reading that accuses less was taken; `docs/ontology.md` explains each.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from archiver.checker.rule_form import Evidence, Rule, RuleRow
from archiver.checker.rules_facts import CONTAINER, Facts, Run, gather
from archiver.domain.observation import Actor, Notice, NoticeKind, Observation, Sighting
from archiver.domain.verdict import Level, Policy, State, Verdict, Window

RULES_VERSION = "1.6.0"
"""Changes whenever the same walls or records could give another verdict."""


def _ends_with(sighting: Sighting) -> Callable[[Facts], bool]:
    return lambda facts: facts.last is not None and facts.last.sighting is sighting


def _stone(facts: Facts) -> bool:
    run = facts.open_run
    return run is not None and run.has_public_stone and run.last.sighting not in CONTAINER


def _hidden(level: Level) -> Callable[[Facts], bool]:
    def when(facts: Facts) -> bool:
        run = facts.open_run
        return run is not None and run.is_hidden and run.level(facts.policy) is level

    return when


def _removed(level: Level) -> Callable[[Facts], bool]:
    def when(facts: Facts) -> bool:
        run = facts.open_run
        if run is None or run.last_seen is None:
            return False
        return run.is_removed and run.level(facts.policy) is level

    return when


def _never_seen(facts: Facts) -> bool:
    run = facts.open_run
    return run is not None and run.is_removed and run.last_seen is None and not facts.is_pending


def _stands(facts: Facts) -> bool:
    """A removed, hidden or tombstoned post that nothing disputes stays what it is."""
    run = facts.open_run
    gone = run is not None and (run.level(facts.policy) is not None or _stone(facts))
    return gone and not (facts.is_pending or facts.vantages_disagree or facts.alternates)


def _last_seen_as(*sightings: Sighting) -> Callable[[Facts], bool]:
    """The last public sighting decides, unless a disappearance has begun since."""

    def when(facts: Facts) -> bool:
        seen = facts.last_sighting
        if seen is None or seen.sighting not in sightings:
            return False
        return facts.open_run is None or facts.open_run.is_tentative

    return when


def _is_back(facts: Facts) -> bool:
    """The disappearance that ended was established, and was not the author's own doing."""
    run = facts.closed_run
    if run is None or run.level(facts.policy) not in (Level.LIKELY, Level.CONFIRMED):
        return False
    there = _last_seen_as(Sighting.PRESENT, Sighting.MOVED)(facts)
    return there and not facts.covered(run, NoticeKind.WITHDRAWN)


def _told(facts: Facts) -> bool:
    run = facts.open_run
    return run is not None and facts.covered(run, NoticeKind.REASONS_GIVEN)


def _silent(facts: Facts) -> bool:
    run = facts.open_run
    if run is None or run.last_seen is None or run.level(facts.policy) is None:
        return False
    return not run.stones and not _told(facts)


def _tentative(facts: Facts) -> bool:
    return facts.open_run is not None and facts.open_run.is_tentative


def _trio_blocks(facts: Facts) -> bool:
    return facts.open_run is not None and facts.open_run.trio_blocks(facts.policy)


def _author_in_doubt(facts: Facts) -> bool:
    run = facts.open_run
    return run is not None and run.is_removed and run.author_in_doubt


RULES: tuple[Rule, ...] = (
    Rule(
        "withdrawn",
        "The author says that the post was withdrawn, and no later public look sees it.",
        lambda facts: facts.is_withdrawn,
        State.WITHDRAWN,
        evidence=Evidence.STRONG,
    ),
    Rule(
        "site_degraded",
        "The checker misreads a post of this site that it knows: nothing is concluded here.",
        lambda facts: facts.site_degraded,
        State.INDETERMINATE,
    ),
    Rule(
        "no_valid_look",
        "No valid public look was taken yet.",
        lambda facts: facts.last is None,
        State.INDETERMINATE,
    ),
    Rule(
        "unresolved",
        "The newest looks were all invalid for too long, and no established absence stands.",
        lambda facts: facts.unresolved_too_long and not _stands(facts),
        State.INDETERMINATE,
    ),
    Rule(
        "vantages_disagree",
        "Two public vantages disagreed within half an hour and have not agreed since.",
        lambda facts: facts.vantages_disagree,
        State.DISPUTED,
    ),
    Rule(
        "alternates",
        "The post was there, gone, there and gone again within a day.",
        lambda facts: facts.alternates,
        State.DISPUTED,
    ),
    Rule(
        "tombstone",
        "A tombstone stands where the post was, or stood there and was cleared since.",
        _stone,
        State.TOMBSTONED,
        evidence=Evidence.STRONG,
    ),
    Rule(
        "parent_gone",
        "What the post answered to is gone, and the post with it.",
        _ends_with(Sighting.PARENT_GONE),
        State.PARENT_GONE,
        evidence=Evidence.FAIR,
    ),
    Rule(
        "wall_gone",
        "The whole wall is gone.",
        _ends_with(Sighting.WALL_GONE),
        State.WALL_GONE,
        evidence=Evidence.FAIR,
    ),
    Rule(
        "author_gone",
        "The author's account is gone, and the post with it.",
        _ends_with(Sighting.AUTHOR_GONE),
        State.AUTHOR_GONE,
        evidence=Evidence.FAIR,
    ),
    Rule(
        "pending",
        "The author sees the post, and no public look ever did.",
        lambda facts: facts.is_pending,
        State.PENDING,
        evidence=Evidence.FAIR,
    ),
    Rule(
        "hidden_confirmed",
        "Hidden, as for likely, and still so long after the first look that missed it.",
        _hidden(Level.CONFIRMED),
        State.HIDDEN,
        Level.CONFIRMED,
        evidence=Evidence.STRONG,
    ),
    Rule(
        "hidden_likely",
        "Hidden in enough looks, the first and last far enough apart.",
        _hidden(Level.LIKELY),
        State.HIDDEN,
        Level.LIKELY,
        evidence=Evidence.FAIR,
    ),
    Rule(
        "hidden_suspected",
        "Seen publicly before and still there for its author or in the page, but two public "
        "looks do not see it.",
        _hidden(Level.SUSPECTED),
        State.HIDDEN,
        Level.SUSPECTED,
        evidence=Evidence.WEAK,
    ),
    Rule(
        "removed_confirmed",
        "Absent, as for likely, and still absent long after the first absence.",
        _removed(Level.CONFIRMED),
        State.REMOVED,
        Level.CONFIRMED,
        evidence=Evidence.STRONG,
    ),
    Rule(
        "removed_likely",
        "Absent in enough looks without a sighting between, the first and last far enough apart.",
        _removed(Level.LIKELY),
        State.REMOVED,
        Level.LIKELY,
        evidence=Evidence.FAIR,
    ),
    Rule(
        "removed_suspected",
        "Absent by the newest valid public look.",
        _removed(Level.SUSPECTED),
        State.REMOVED,
        Level.SUSPECTED,
        evidence=Evidence.WEAK,
    ),
    Rule(
        "absent_never_seen",
        "Absent, but no public look ever saw it: never firmer than suspected, never called silent.",
        _never_seen,
        State.REMOVED,
        Level.SUSPECTED,
        evidence=Evidence.WEAK,
    ),
    Rule(
        "restored",
        "There again after an absence that was likely or confirmed.",
        _is_back,
        State.RESTORED,
        evidence=Evidence.STRONG,
    ),
    Rule(
        "edited",
        "There with another text by the newest sighting.",
        _last_seen_as(Sighting.EDITED),
        State.EDITED,
        evidence=Evidence.STRONG,
    ),
    Rule(
        "collapsed",
        "There only after a click, in another order or at its own address.",
        _last_seen_as(Sighting.COLLAPSED),
        State.COLLAPSED,
        evidence=Evidence.STRONG,
    ),
    Rule(
        "visible",
        "There for anybody by the newest sighting.",
        _last_seen_as(Sighting.PRESENT, Sighting.MOVED),
        State.VISIBLE,
        evidence=Evidence.STRONG,
    ),
    Rule(
        "concealed_only",
        "In the page's code, but never seen: nothing is concluded.",
        lambda facts: _tentative(facts) and facts.last_sighting is None,
        State.INDETERMINATE,
    ),
    Rule(
        "concealed_once",
        "The newest look found it concealed; what was seen before stands until a second look does.",
        lambda facts: _tentative(facts) and facts.last_sighting is not None,
        evidence=Evidence.WEAK,
    ),
    Rule(
        "trio_disagrees",
        "The post's own address is still served, or the site answers every address alike: "
        "not confirmed.",
        _trio_blocks,
        evidence=Evidence.FAIR,
    ),
    Rule(
        "author_in_doubt",
        "The author's posts are missing from other walls too, and the author's own page was not "
        "seen: not confirmed.",
        _author_in_doubt,
        evidence=Evidence.FAIR,
    ),
    Rule(
        "silent",
        "Neither a tombstone nor a notice to the author tells of the disappearance.",
        _silent,
        evidence=Evidence.WEAK,
    ),
    Rule(
        "reasons_given",
        "The author was given reasons: not silent.",
        _told,
        evidence=Evidence.STRONG,
    ),
    Rule(
        "notice_retracted",
        "The author took back what he or she had told: that notice no longer counts.",
        lambda facts: facts.took_back,
    ),
    Rule(
        "trailing_invalid",
        "The newest looks were invalid: they change neither level nor window.",
        lambda facts: bool(facts.trailing),
    ),
    Rule(
        "http_absence_ignored",
        "A look without a browser can find a post, never miss one.",
        lambda facts: facts.ignored_http,
    ),
)


def rule_table() -> list[RuleRow]:
    """The rules in their order, for pages and documents."""
    return [RuleRow(r.rule_id, r.comment, r.state, r.level, r.evidence) for r in RULES]


def judge(records: Sequence[Observation | Notice], policy: Policy | None = None) -> Verdict:
    """Concludes the verdict from all looks and notices of one post, given in any order."""
    facts = gather(records, policy or Policy())
    fired = [rule for rule in RULES if rule.when(facts)]
    decisive = next(rule for rule in fired if rule.state is not None)
    state = decisive.state or State.INDETERMINATE
    accused = state in (State.REMOVED, State.HIDDEN)
    run = _shown_run(facts)
    seen = facts.last_sighting
    return Verdict(
        state=state,
        level=decisive.level,
        silent=accused and any(rule.rule_id == "silent" for rule in fired),
        actor=_actor(state, facts),
        last_seen=_last_seen(run, seen),
        first_missing=run.first_missing if run else None,
        windows=[_window(r) for r in facts.runs if r.last_seen is not None and r.is_disappearance],
        rules=[rule.rule_id for rule in fired],
        rules_version=RULES_VERSION,
        reason=facts.trailing[-1].reason if facts.trailing else None,
        unresolved=len(facts.trailing),
    )


def _shown_run(facts: Facts) -> Run | None:
    """The disappearance that lasts; a post that was never public has not disappeared."""
    run = facts.open_run
    unsure = facts.is_pending or facts.site_degraded
    if run is None or unsure or not run.is_disappearance:
        return None
    return run


def _last_seen(run: Run | None, seen: Observation | None) -> datetime | None:
    """The last sighting; of what has disappeared, the one at which its window begins."""
    if run is not None and run.last_seen is not None:
        return run.last_seen
    return seen.at if seen else None


def _window(run: Run) -> Window:
    return Window(
        last_seen=run.last_seen, first_missing=run.first_missing, seen_again=run.seen_again
    )


def _actor(state: State, facts: Facts) -> Actor | None:
    """Who acted: `unknown` unless there is positive evidence; None where nobody did."""
    if state is State.WITHDRAWN:
        return Actor.AUTHOR
    if state in (State.TOMBSTONED, State.REMOVED, State.HIDDEN):
        return facts.open_run.actor if facts.open_run else Actor.UNKNOWN
    if state in (State.EDITED, State.PARENT_GONE, State.WALL_GONE, State.AUTHOR_GONE):
        return (facts.last.actor if facts.last else None) or Actor.UNKNOWN
    return None
