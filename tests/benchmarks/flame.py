"""Draw where the time of a benchmark goes: py-spy samples it, the picture is ours.

    python -m tests.benchmarks.flame

writes docs/flames/*.svg, one picture a stage of the walk. A box is a function, as wide as the
share of samples it was in; what it called stands above it. Boxes under half a per cent are left
out.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[2] / "docs" / "flames"
#: Picture → the benchmark that is sampled, and the function that the picture begins with.
PICTURES: Final = {
    "reading": ("stages_bench", "crawler/extract.py:extract"),
    "keeping": ("stages_bench", "service/pipeline.py:keep"),
    "same_story": ("same_story_bench", "storage/stories.py:place"),
    "matching": ("matching_bench", "alerts/match.py:Matcher.match"),
}
#: Samples a second, and seconds at most.
RATE: Final = 200
LONGEST: Final = 120
WIDTH: Final = 1200
ROW: Final = 17
LETTER: Final = 6.3  # of the 11-pixel monospace type
LEAST_SHARE: Final = 0.005
#: A package's boxes have one hue, so that the house's own stand out from the libraries'.
HUES: Final = {"crawler": 35, "persian": 20, "storage": 200, "alerts": 280, "service": 130}


@dataclass(slots=True)
class Frame:
    """A function in one place of the tree: its samples, and what it called."""

    name: str
    samples: int = 0
    calls: dict[str, "Frame"] = field(default_factory=dict)

    def add(self, stack: Iterable[str], samples: int) -> None:
        """Count the samples of one stack, the outermost function first."""
        self.samples += samples
        node = self
        for name in stack:
            node = node.calls.setdefault(name, Frame(name))
            node.samples += samples

    def depth(self, least: float) -> int:
        """Return how many functions stand on one another, each with at least so many samples."""
        high = (call.depth(least) for call in self.calls.values() if call.samples >= least)
        return 1 + max(high, default=0)


def main() -> None:
    """Sample each benchmark once and write its pictures."""
    FOLDER.mkdir(exist_ok=True)
    stacks = {name: _sampled(name) for name in {benchmark for benchmark, _ in PICTURES.values()}}
    for picture, (benchmark, first) in PICTURES.items():
        file = FOLDER / f"{picture}.svg"
        file.write_text(draw(tree_of(stacks[benchmark], first)), encoding="utf-8")
        print(f"written: {file}")


def _sampled(name: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "stacks.txt"
        benchmark = ["-m", "tests.benchmarks.run", "--quick", "--no-write", "--only", name]
        spy = Path(sys.executable).with_name("py-spy")
        sampling = ["record", "--format", "raw", "--rate", str(RATE), "--duration", str(LONGEST)]
        subprocess.run(
            [str(spy), *sampling, "--output", str(file), "--", sys.executable, *benchmark],
            check=True,
        )
        return file.read_text(encoding="utf-8")


def tree_of(stacks: str, first: str) -> Frame:
    """Read py-spy's raw form, one `outer;inner;… samples` a line, from a function on."""
    root = Frame(first)
    for line in stacks.splitlines():
        stack, _, samples = line.rpartition(" ")
        frames = [_shown(frame) for frame in stack.split(";")]
        if first in frames:
            root.add(frames[frames.index(first) + 1 :], int(samples))
    return root


def _shown(frame: str) -> str:
    """Turn `function (path/to/package/file.py:12)` into `package/file.py:function`."""
    function, _, place = frame.partition(" (")
    path = place.rstrip(")").rpartition(":")[0] or place.rstrip(")")
    parts = Path(path).parts
    house = [place for place, part in enumerate(parts[:-1]) if part in HUES]
    return f"{'/'.join(parts[house[-1] if house else -2 :])}:{function}"


def draw(root: Frame) -> str:
    """Return the picture as one SVG that needs nothing from anywhere."""
    height = (root.depth(root.samples * LEAST_SHARE) + 2) * ROW
    boxes = "".join(_boxes(root, 0.0, WIDTH / max(root.samples, 1), height - 2, root.samples))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="monospace" font-size="11">'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
        f'<text x="6" y="13">{escape(root.name)}: {root.samples} samples</text>{boxes}</svg>\n'
    )


def _boxes(frame: Frame, left: float, scale: float, bottom: float, total: int) -> Iterator[str]:
    share = frame.samples / max(total, 1)
    if share < LEAST_SHARE:
        return
    width = frame.samples * scale
    said = f"{frame.name} {share:.1%}"
    shown = escape(said[: max(int(width / LETTER) - 1, 0)])
    yield (
        f'<g><title>{escape(said)}</title><rect x="{left:.1f}" y="{bottom - ROW:.0f}" '
        f'width="{width:.1f}" height="{ROW - 1}" fill="{_colour(frame.name)}"/>'
        f'<text x="{left + 3:.1f}" y="{bottom - 5:.0f}">{shown}</text></g>'
    )
    for call in sorted(frame.calls.values(), key=lambda one: -one.samples):
        yield from _boxes(call, left, scale, bottom - ROW, total)
        left += call.samples * scale


def _colour(name: str) -> str:
    hue = HUES.get(name.partition("/")[0])
    return "hsl(0 0% 88%)" if hue is None else f"hsl({hue} 75% 75%)"


if __name__ == "__main__":
    main()
