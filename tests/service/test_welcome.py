from datetime import UTC, datetime, timedelta

import pytest

from crawler.outlets import outlet_from
from crawler.page import Failure, FailureKind
from service.visiting import VisitLog, is_welcome

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def failure(kind: FailureKind, status: int | None = None, wait: timedelta | None = None) -> Failure:
    return Failure(
        requested_url="https://a.ir/1",
        kind=kind,
        detail="x",
        status=status,
        retry_after=wait,
        failed_at=NOW,
    )


def log(*failures: Failure) -> VisitLog:
    table = {"id": "ab", "name": "آ", "name_en": "A", "homepage": "https://a.ir", "role": "local"}
    of = outlet_from(table, place="x")
    return VisitLog(visit_id="v", outlet=of, began_at=NOW, validators={}, failures=list(failures))


STATUS = FailureKind.HTTP_STATUS


@pytest.mark.parametrize(
    ("failures", "welcome"),
    [
        ((), True),
        ((failure(STATUS, 404), failure(STATUS, 500), failure(STATUS, 503)), True),
        ((failure(FailureKind.CHALLENGE),) * 2, True),
        ((failure(FailureKind.CHALLENGE),) * 3, False),
        ((failure(STATUS, 429),), False),
        ((failure(STATUS, 503, HOUR),), False),
    ],
)
def test_a_visit_goes_on_until_the_host_closes_its_door_or_asks_for_peace(
    failures: tuple[Failure, ...], *, welcome: bool
) -> None:
    assert is_welcome(log(*failures)) is welcome
