"""A few hundred mutated inputs for each target; `python -m tests.fuzz.run` takes a million."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.run import LONGEST, fuzz, mutations
from tests.fuzz.targets import SEEDS, TARGETS


@pytest.mark.parametrize("target", TARGETS)
def test_no_mutated_input_makes_a_reader_fail(target: str) -> None:
    fuzz(target, 150, seed=7)


@pytest.mark.parametrize("target", ["query", "dates", "folding", "toml"])
@given(
    data=st.binary(max_size=300) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace"))
)
def test_no_bytes_at_all_make_a_reader_fail(target: str, data: bytes) -> None:
    TARGETS[target](data)


def test_the_same_number_gives_the_same_inputs() -> None:
    drawn = [
        [mutations(SEEDS["query"], chance) for _ in range(50)]
        for chance in (random.Random(3), random.Random(3))
    ]
    assert drawn[0] == drawn[1]
    assert len(set(drawn[0])) > 40
    assert all(len(one) <= LONGEST for one in drawn[0])
