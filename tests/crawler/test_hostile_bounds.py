"""What hostile outlets cost a reader in a process of its own: bounded in time and in memory."""

import pytest

from tests.trials.hostile import MEMORY_BOUND_MB, measure


@pytest.mark.parametrize(
    "kind",
    [
        "gzip bomb",
        "endless body",
        "50,000 links",
        "200,000 nested tags in a map",
        "billion laughs in a feed",
    ],
)
def test_a_hostile_outlet_takes_little_memory(kind: str) -> None:
    cost = measure(kind)
    assert cost.extra_mb <= MEMORY_BOUND_MB
    assert cost.processor < 5
