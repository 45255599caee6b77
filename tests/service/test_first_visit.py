"""Nothing is claimed of outlets nobody has read; the first good visit records itself."""

import asyncio

from storage.outlet_states import get_state
from tests.service.conftest import Played, visit_all


def test_the_first_good_visit_fills_the_archives_own_record_and_keeps_it(fresh: Played) -> None:
    assert all(one.verified_at is None for one in fresh.house.outlets.values())
    began_at = fresh.house.clock()
    for turn in ("1", "2"):
        asyncio.run(visit_all(fresh.house, suffix=turn))
    with fresh.house.database.read() as connection:
        read = get_state(connection, "nazirkerman")
        dead = get_state(connection, "neginkavir")
    assert read.first_success_at is not None
    assert read.last_success_at is not None
    assert began_at < read.first_success_at < read.last_success_at
    assert dead.first_success_at is None
