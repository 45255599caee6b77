"""Feed each target a number of mutated inputs, and say which one made it fail.

    python -m tests.fuzz.run --inputs 100000 [--target query] [--seed 1]
    python -m tests.fuzz.run --atheris --target query --inputs 100000

Without atheris the inputs are mutations of the seeds, drawn from a number: the same number gives
the same inputs everywhere. With it (an extra that not every machine can install) the mutations
follow the coverage of the target. A failure is kept in `fuzz-TARGET-FAILURE` and ends the run.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.fuzz.targets import SEEDS, TARGETS

LONGEST = 4_096
#: Pieces that parsers stumble over, beside the seeds' own.
PIECES = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xe2\x80\x8c",
    b"\xe2\x80\xae",
    b"]]>",
    b"<![CDATA[",
    b"&#x0;",
    b"&amp;",
    b"<!--",
    b"-->",
    b'"',
    b"'",
    b"(",
    b")",
    b"((((((((",
    b"[",
    b"]",
    b"{",
    b"}",
    b"NEAR/0",
    b"-",
    b":",
    b"=",
    b"..",
    b"9" * 30,
    b"-1",
    b"1e999",
    b"\xdb\xb0" * 8,
    b"\xd9\xa0",
    b"0000",
    b"13/32",
    b"<b><b><b>",
    b"</div>",
    b"<p",
    b"\r\n\r\n",
    b"T24:61",
    b"+99:99",
    b"1499/12/30",
    b"\xf0\x9f\x98\x80",
)


def mutations(seeds: tuple[str, ...], chance: random.Random) -> bytes:
    """Return one input: a seed, cut, doubled, spliced, flipped and stuffed a few times."""
    data = bytearray(chance.choice(seeds).encode())
    for _ in range(chance.choice((1, 1, 2, 3, 5, 9, 20))):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(7):
            case 0:
                data[at : at + chance.randrange(1, 9)] = b""
            case 1:
                data[at:at] = chance.choice(PIECES)
            case 2:
                data[at:at] = data[at : at + chance.randrange(1, 40)] * chance.randrange(1, 4)
            case 3 if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
            case 4:
                other = chance.choice(seeds).encode()
                data[at:] = other[chance.randrange(len(other)) :]
            case 5:
                data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 6)))
            case _:
                data[at:at] = chr(chance.randrange(0x600, 0x700)).encode()
    return bytes(data[:LONGEST])


def fuzz(target: str, inputs: int, *, seed: int) -> float:
    """Feed a target its inputs; return the seconds that took. Raises what the target raises."""
    chance, take, began = random.Random(f"{target}-{seed}"), TARGETS[target], time.monotonic()
    for _ in range(inputs):
        data = mutations(SEEDS[target], chance)
        try:
            take(data)
        except BaseException as error:
            kept = Path(f"fuzz-{target}-{type(error).__name__}")
            kept.write_bytes(data)
            error.add_note(f"the input stands in {kept}: {data!r}")
            raise
    return time.monotonic() - began


def guided(target: str, inputs: int) -> None:
    """Let atheris mutate by the coverage of the target; it ends the process itself."""
    import atheris  # noqa: PLC0415  # an extra that not every machine can install

    take: Callable[[bytes], None] = TARGETS[target]
    corpus = Path(f"fuzz-corpus-{target}")
    corpus.mkdir(exist_ok=True)
    for number, seed in enumerate(SEEDS[target]):
        (corpus / f"seed{number}").write_text(seed, encoding="utf-8")
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-runs={inputs}", f"-max_len={LONGEST}", str(corpus)], take)
    atheris.Fuzz()


def main() -> None:
    """Fuzz the target named, or all of them, each with so many inputs."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--inputs", type=int, default=10_000, help="for each target")
    reader.add_argument("--target", choices=sorted(TARGETS))
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--atheris", action="store_true", help="guided by coverage; one target")
    wish = reader.parse_args()
    if wish.atheris:
        guided(wish.target or "query", wish.inputs)
    for target in (wish.target,) if wish.target else TARGETS:
        seconds = fuzz(target, wish.inputs, seed=wish.seed)
        print(f"{target:10} {wish.inputs} inputs, 0 failures, {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
