"""What else vanished, on the page of a watched post, in words."""

from datetime import timedelta

from archiver.domain.post import Target
from archiver.services.access import OWNER
from archiver.wiring import House
from tests.integration.client import TestClient
from tests.integration.watches.model import (
    WALL,
    ModelLooker,
    ModelPost,
    MovedClock,
    visit_all_due,
)


def test_a_watched_post_says_what_else_vanished_with_it(
    owner: TestClient, house: House, looker: ModelLooker, clock: MovedClock
) -> None:
    start, gone = clock.now, clock.now + timedelta(minutes=3)
    names = ["Ann", "Ben", "Cleo", "Dan", "Eve", "Dan", "Finn", "Gus", "Hal"]
    looker.reads = True
    looker.posts = [
        ModelPost(
            f"Opinion number {at} on these shoes.", start, gone if name == "Dan" else None, name
        )
        for at, name in enumerate(names)
    ]
    target = Target(url=WALL, text="Opinion number 3 on these shoes.", author="Dan")
    view, _ = house.watching.start(OWNER, target, actor="tok_test")
    visit_all_due(house, looker)
    address = f"/watches/{view.watch.id}"
    assert "What else vanished" not in owner.get(address).text
    clock.forward(minutes=5)
    house.watching.ask(OWNER, view.watch.id, actor="tok_test")
    visit_all_due(house, looker)

    page = " ".join(owner.get(address).text.split())
    assert "2 of 9 known posts vanished from this page, watched ones included." in page
    assert "Of the author's other known posts, 1 of 1 vanished too, on 1 page," in page
    assert "does not tell who removed them" in page
    french = " ".join(owner.get(address, headers={"Accept-Language": "fr"}).text.split())
    assert "2 des 9 publications connues ont disparu de cette page" in french
    assert "1 sur 1 ont disparu aussi, sur 1 page," in french
