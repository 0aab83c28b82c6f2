"""A look by one plain request, where earlier looks proved that the server's HTML shows the posts.

It says `present` of every post that is looked for, or nothing at all: another status, another
address, an old copy, another form of the post or of the page, any doubt, and a browser has to look.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from archiver.checker.fetch import GuardedClient, Response
from archiver.checker.options import CheckerOptions
from archiver.checker.page_state import Response as Answer
from archiver.checker.plain_rule import Proof, proof_of
from archiver.checker.source import SourcePage, decoded
from archiver.domain.errors import RefusedAddress, TooLarge, Unavailable
from archiver.domain.evidence_file import EvidenceFile
from archiver.domain.look import Look, Visited
from archiver.domain.observation import Controls, Observation, Sighting, Validity, Vantage
from archiver.domain.recording import Exchange, Recording

DETAIL = "The server's own page shows the post, as it did when a browser last saw it there."
ACCEPTED = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class PlainLooker:
    """Looks by plain requests through the checking gate. Safe to share by tasks."""

    def __init__(self, options: CheckerOptions) -> None:
        self._options = options
        self._client = GuardedClient(options.policy)

    async def looks(
        self, url: str, histories: Sequence[Sequence[Observation]], agent: str
    ) -> list[Look] | None:
        """A look for each history, in the same order, from one request; None: use a browser."""
        at = self._options.clock()
        proofs = [proof for history in histories if (proof := proof_of(history, at)) is not None]
        if not proofs or len(proofs) < len(histories):
            return None
        headers = {
            "User-Agent": agent,
            "Accept": ACCEPTED,
            "Accept-Language": self._options.locale,
            "Upgrade-Insecure-Requests": "1",
        }
        try:
            response = await asyncio.to_thread(
                self._client.get, url, headers=headers, timeout=self._options.page_seconds
            )
        except (RefusedAddress, TooLarge, Unavailable):
            return None
        page = _page_of(response)
        found = [_controls(page, proof, response.url) if page else None for proof in proofs]
        controls = [one for one in found if one is not None]
        if len(controls) < len(proofs):
            return None
        visit = Visited(
            url=url,
            at=at,
            final_url=response.url,
            status=response.status,
            files=(EvidenceFile("page.html", "text/html", response.body),),
            recording=self._recording(response, headers, at),
            vantage=self._options.vantage_id,
        )
        return [
            Look(self._observation(visit, proof, one), visit=visit)
            for proof, one in zip(proofs, controls, strict=True)
        ]

    def _observation(self, visit: Visited, proof: Proof, controls: Controls) -> Observation:
        return Observation(
            at=visit.at,
            vantage=Vantage(id=self._options.vantage_id),
            validity=Validity.VALID,
            sighting=Sighting.PRESENT,
            controls=controls,
            matched_by=proof.form.by,
            similarity=1.0,
            via="http",
            final_url=visit.final_url,
            status=visit.status,
            detail=DETAIL,
            page="page",
            source=asdict(proof.form),
        )

    def _recording(
        self, response: Response, sent: dict[str, str], at: datetime
    ) -> Recording | None:
        if not self._options.record_bytes:
            return None
        exchange = Exchange(
            at=at,
            method="GET",
            url=response.url,
            request_headers=tuple(sent.items()),
            status=response.status,
            headers=tuple(response.headers.items()),
            body=response.body,
            document=True,
        )
        return Recording((exchange,))


def _page_of(response: Response) -> SourcePage | None:
    """The answer as a page; None when it is not plainly the page itself, fresh."""
    kind = response.headers.get("content-type", "")
    coded = response.headers.get("content-encoding", "identity").strip().lower()
    plain = response.status == 200 and kind.lower().startswith("text/html")  # noqa: PLR2004
    stale = Answer(response.status, response.url, headers=response.headers).stale
    if not plain or stale or coded not in ("", "identity") or "refresh" in response.headers:
        return None
    text = decoded(response.body, kind)
    return SourcePage(text) if text is not None else None


def _controls(page: SourcePage, proof: Proof, address: str) -> Controls | None:
    """The neighbours found again where the post stands in its form; None where it does not."""
    neighbours = (*proof.before, *proof.after)
    if address != proof.landing or page.form_of(proof.seen, neighbours) != proof.form:
        return None
    before = sum(page.holds(one) for one in proof.before)
    after = sum(page.holds(one) for one in proof.after)
    if neighbours and not before + after:
        return None  # another page than the wall
    return Controls(known=len(neighbours), found=before + after, before=before, after=after)
