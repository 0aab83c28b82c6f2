"""Cases: one complaint, its postings, its events off the wall, and what they amount to."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from archiver.audit.casework import CaseFigures, TimelineEntry, summarise, timeline
from archiver.audit.posting import DatedEvent, Posting
from archiver.domain.case import CaseEvent
from archiver.domain.errors import InvalidInput, NotFound
from archiver.domain.instant import Clock
from archiver.domain.observation import Notice
from archiver.services.custody import Recorder
from archiver.services.watching import Page, WatchView, view_of, views_of
from archiver.store.database import Database
from archiver.store.repository import cases, observations, watches
from archiver.store.tables import Case, CaseEventRow

__all__ = ["CaseFigures", "CaseView", "Casework", "TimelineEntry"]


@dataclass(frozen=True)
class CaseView:
    """A case with its postings and its events, each in the order of time, and what they amount
    to at the moment of asking."""

    case: Case
    postings: tuple[WatchView, ...]
    events: tuple[CaseEventRow, ...]
    figures: CaseFigures
    timeline: tuple[TimelineEntry, ...]


class Casework:
    """Makes and shows cases."""

    def __init__(self, *, database: Database, recorder: Recorder, clock: Clock) -> None:
        self._database = database
        self._recorder = recorder
        self._clock = clock

    def open(self, workspace_id: str, title: str, brand: str | None, *, actor: str) -> Case:
        """Opens a case."""
        case = Case(
            id=self._recorder.new_id("cas"),
            workspace_id=workspace_id,
            title=title,
            brand=brand,
            created_at=self._clock(),
        )
        with self._database.transaction() as session:
            session.add(case)
            self._note(session, case, "case_opened", actor)
        return case

    def cases(self, workspace_id: str, *, offset: int, limit: int) -> Page[Case]:
        """A workspace's cases, the newest first."""
        with self._database.reading() as session:
            found = cases.cases_of(session, workspace_id, offset=offset, limit=limit)
            return Page(list(found), cases.count_cases(session, workspace_id))

    def show(self, workspace_id: str, case_id: str) -> CaseView:
        """One case.

        Raises:
            NotFound: no such case in this workspace.
        """
        now = self._clock()
        with self._database.reading() as session:
            case = _find(session, workspace_id, case_id)
            views = views_of(session, watches.of_case(session, case_id), now)
            rows = tuple(cases.events_of(session, case_id))
            postings = [_posting(session, view) for view in views]
        events = [
            DatedEvent(event_id=row.id, event=CaseEvent.model_validate(row.body)) for row in rows
        ]
        return CaseView(
            case=case,
            postings=tuple(views),
            events=rows,
            figures=summarise(postings, events, now=now),
            timeline=tuple(timeline(postings, events, now=now)),
        )

    def add_watch(
        self,
        workspace_id: str,
        case_id: str,
        watch_id: str,
        *,
        own: bool,
        posted_at: datetime | None,
        actor: str,
    ) -> WatchView:
        """Makes a watched post a posting of the case. `own`: it is the complainant's own.

        Raises:
            NotFound: no such case or watch in this workspace.
        """
        with self._database.transaction() as session:
            case = _find(session, workspace_id, case_id)
            watch = watches.watch(session, workspace_id, watch_id)
            if watch is None:
                raise NotFound(f"there is no watch {watch_id}")
            watch.case_id, watch.own = case.id, own
            watch.posted_at = posted_at or watch.posted_at
            self._note(session, case, "posting_added", actor, detail=watch.id)
            return view_of(session, watch, self._clock())

    def add_event(
        self, workspace_id: str, case_id: str, event: CaseEvent, *, actor: str
    ) -> CaseEventRow:
        """Records an event; it can be added to, never changed.

        Raises:
            NotFound: no such case in this workspace.
            InvalidInput: it refers to an event that the case does not have.
        """
        identifier = self._recorder.new_id("evt")
        body = event.model_dump(mode="json")
        # The words stand apart from the rest: they may have to be withheld.
        facts = {name: value for name, value in body.items() if name != "text"}
        record = {"id": identifier, "case_id": case_id, "recorded_by": actor, "event": facts}
        prepared = self._recorder.prepare("case_event", {**record, "text": event.text})
        with self._database.transaction() as session:
            case = _find(session, workspace_id, case_id)
            self._check_reference(session, case, event)
            leaf_index, _ = self._recorder.append(session, identifier, prepared)
            row = CaseEventRow(
                id=identifier,
                case_id=case.id,
                at=event.at,
                body=body,
                created_at=self._clock(),
                leaf_index=leaf_index,
            )
            session.add(row)
        return row

    def events(self, workspace_id: str, case_id: str) -> list[CaseEventRow]:
        """A case's events in the order in which they happened.

        Raises:
            NotFound: no such case in this workspace.
        """
        with self._database.reading() as session:
            _find(session, workspace_id, case_id)
            return list(cases.events_of(session, case_id))

    def _check_reference(self, session: Session, case: Case, event: CaseEvent) -> None:
        known = {row.id for row in cases.events_of(session, case.id)}
        if event.claims_event_id is not None and event.claims_event_id not in known:
            raise InvalidInput(
                "the event that is said to have happened must be an event of this case: record it"
                " first",
                field="claims_event_id",
            )

    def _note(
        self, session: Session, case: Case, event: str, actor: str, *, detail: str = ""
    ) -> None:
        self._recorder.custody(
            session,
            workspace_id=case.workspace_id,
            subject_id=case.id,
            event=event,
            actor=actor,
            detail=detail,
        )


def _posting(session: Session, view: WatchView) -> Posting:
    watch = view.watch
    notices = observations.notices_of(session, watch.id)
    return Posting(
        watch_id=watch.id,
        url=watch.url,
        text=watch.text,
        author=watch.author,
        own=watch.own,
        captured_at=watch.created_at,
        posted_at=watch.posted_at,
        verdict=view.verdict,
        notices=[Notice.model_validate(row.body) for row in notices],
    )


def _find(session: Session, workspace_id: str, case_id: str) -> Case:
    case = cases.case(session, workspace_id, case_id)
    if case is None:
        raise NotFound(f"there is no case {case_id}")
    return case
