"""Measure extraction: real pages field by field, and scores and speed beside the peers.

The pages are not part of this repository (they belong to their publishers). They are looked for in
the folder that RASAD_SHARED names, else in `../shared`; without them nothing can be measured.
"""

import contextlib
import gzip
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from crawler.article import Article
from persian.calendar import TEHRAN
from tests.benchmarks import extraction_targets

_REPOSITORY: Final = Path(__file__).resolve().parents[2]
_SHARED: Final = Path(os.environ.get("RASAD_SHARED", _REPOSITORY.parent / "shared"))
_PAGES: Final = _SHARED / "data" / "pages"
_HARNESS: Final = _SHARED / "eval" / "extraction" / "eval.py"
_FIELDS: Final = ("kicker", "title", "lead", "body", "published", "section", "tags", "image")
#: Fields that may be empty on a full page of the family.
_MAY_BE_EMPTY: Final = frozenset({"kicker", "image"})
_TARGETS: Final = {
    "text": {"scrapinghub": 0.970},
    "generic": {"scrapinghub": 0.970, "persian_dev": 0.990},
    "by_profile": {"persian_dev": 0.990},
    "whole": {"persian_dev": 0.990},
}
_TIMES_TRAFILATURA: Final = {"text": 8.0, "generic": 8.0, "by_profile": 25.0, "whole": 8.0}
#: Each is shown against both peers. `trafilatura` reads the text alone, as only our `text` does;
#: `trafilatura_meta` also reads title, author and date. The rest of ours reads these and kicker,
#: lead, section, tags and image besides; `whole` adds credits and language, which no peer has.
_PEERS: Final = {
    "trafilatura": "trafilatura, text alone",
    "trafilatura_meta": "trafilatura with metadata",
}
_LIMITS: Final = ("limit_decode", "limit_parse", "limit_select")
_FRAME: Final = (
    "<html><head><meta property='article:published_time' content='{published_at}'></head><body>"
    "<h1 class=title>{title}</h1><div class=subtitle>{summary}</div>"
    "<div class=body>{body_html}</div></body></html>"
)
_OWN: Final = ">> tests.benchmarks.extraction_targets:"
_ROW: Final = re.compile(r"^\| (?P<tool>[^|]+?) \| (?P<cells>.*) \|$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing measured against what is wanted."""

    name: str
    measured: float
    wanted: float

    @property
    def is_met(self) -> bool:
        """Whether the figure reaches what is wanted."""
        return self.measured >= self.wanted


def run(*, quick: bool) -> list[Figure]:
    """Print the tables and return the figures.

    `quick` leaves out the peers but trafilatura, and takes the best of two readings, not of three.
    """
    if not _PAGES.is_dir() or not _HARNESS.is_file():
        print(f"extraction: no pages in {_SHARED}; set RASAD_SHARED to the folder that holds them")
        return []
    figures = [_field_table(), _fragments()]
    for target, sets in _TARGETS.items():
        figures += _scores(target, sets, quick=quick)
    _print_limits()
    for each in figures:
        verdict = "ok" if each.is_met else "BELOW"
        print(f"{verdict:>6}  {each.name}: {each.measured:.3f} (wanted {each.wanted:.3f})")
    return figures


def _field_table() -> Figure:
    """Print what the profile of its family yields on each real page, field by field."""
    print(f"\n{'page':<28}{'profile':<13}" + "".join(f"{name:>11}" for name in _FIELDS))
    found = wanted = 0
    for row in map(json.loads, (_PAGES / "index.jsonl").read_text(encoding="utf-8").splitlines()):
        if row["kind"] != "article" or not row["file"].endswith(".html.gz"):
            continue
        marks = _marks(row)
        found += sum(marks.values())
        wanted += len(marks)
    return Figure(name="fields found on full pages", measured=found / wanted, wanted=1.0)


def _fragments() -> Figure:
    """Read the stored body fragments both ways: no half-space may be lost, the bodies be equal."""
    right = total = 0
    for path in sorted(_PAGES.glob("*.fragment.json")):
        stored = json.loads(path.read_text(encoding="utf-8"))
        html = _FRAME.format(**stored).encode()
        bodies = {
            article.body if (article := extraction_targets.read(html, stored["url"], name)) else ""
            for name in ("iransamaneh", "generic")
        }
        kept = stored["body_html"].count("\u200c") + stored["body_html"].count("&zwnj;")
        right += len(bodies) == 1 and bodies.pop().count("\u200c") == kept
        total += 1
    return Figure(name="body fragments read alike, half-spaces kept", measured=right, wanted=total)


def _marks(row: dict[str, Any]) -> dict[str, bool]:
    page = gzip.decompress((_PAGES / row["file"]).read_bytes())
    profile = extraction_targets.family(page, row["url"])
    article = extraction_targets.read(page, row["url"], profile)
    cells = _cells(article) if article else dict.fromkeys(_FIELDS, "")
    marks = {name: bool(cells[name]) for name in _FIELDS if name not in _MAY_BE_EMPTY}
    marks["family"] = profile == row["cms"]
    if row.get("truth_date"):
        marks["date"] = bool(article) and _day(article) == row["truth_date"]
    print(f"{row['file'][:26]:<28}{profile:<13}" + "".join(f"{cells[f]:>11}" for f in _FIELDS))
    return marks


def _cells(article: Article) -> dict[str, str]:
    size = sum(len(block.text) for block in article.blocks)
    return {
        "kicker": "yes" if article.kicker else "-",
        "title": f"{len(article.title)} ch",
        "lead": f"{len(article.lead or '')} ch" if article.lead else "",
        "body": f"{len(article.blocks)}/{size}" if size else "",
        "published": _day(article) or "",
        "section": str(len(article.section) or ""),
        "tags": str(len(article.tags) or ""),
        "image": "yes" if article.image_url else "-",
    }


def _day(article: Article | None) -> str | None:
    if article is None or article.published is None:
        return None
    return article.published.at.astimezone(TEHRAN).date().isoformat()


def _scores(target: str, sets: dict[str, float], *, quick: bool) -> list[Figure]:
    names = [*sets, "wcxb_dev"] if target in {"text", "generic"} else list(sets)
    peers = ["trafilatura"] if target == "text" and quick else list(_PEERS)
    if not quick:
        peers += ["trafilatura_fast", "readability"]
    printed = _measure(target, names, peers, repeat=2 if quick else 3)
    print(printed)
    found = _figures(target, sets, _tables(printed))
    return found or [Figure(name=f"{target}: the harness ran", measured=0, wanted=1)]


def _measure(target: str, sets: Sequence[str], peers: Sequence[str], *, repeat: int = 3) -> str:
    """Return what the harness prints for one of our ways to read, with peers in the same run."""
    command = [
        sys.executable, str(_HARNESS), f"tests.benchmarks.extraction_targets:{target}",
        "--sets", ",".join(sets), "--peers", ",".join(peers), "--repeat", str(repeat),
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(_REPOSITORY)}
    done = subprocess.run(
        command, cwd=_REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout or done.stderr


def _print_limits() -> None:
    """Print how fast the steps are that no extractor can do without, beside the peer."""
    print("limits on persian_dev, in times of trafilatura (text alone):")
    for name in _LIMITS:
        rows = _tables(_measure(name, ["persian_dev"], ["trafilatura"])).get("persian_dev", {})
        with contextlib.suppress(KeyError, ValueError):
            own = float(rows[f"{_OWN}{name}"]["pages/s"])
            times = own / float(rows["trafilatura"]["pages/s"])
            print(f"        {name}: {own:.0f} pages/s, {times:.1f} times")


def _tables(printed: str) -> dict[str, dict[str, dict[str, str]]]:
    """Read the harness's tables: set, tool, column."""
    tables: dict[str, dict[str, dict[str, str]]] = {}
    current, columns = "", []
    for line in io.StringIO(printed):
        if line.startswith("## "):
            current, columns = line[3:].split(":")[0], []
            tables[current] = {}
        row = _ROW.match(line.strip())
        if row is None:
            continue
        cells = [cell.strip() for cell in row["cells"].split(" | ")]
        if row["tool"] == "tool":
            columns = cells
        elif columns:
            tables[current][row["tool"]] = dict(zip(columns, cells, strict=False))
    return tables


def _figures(
    target: str, sets: dict[str, float], tables: dict[str, dict[str, dict[str, str]]]
) -> list[Figure]:
    figures = []
    own = f"{_OWN}{target}"
    for name, rows in tables.items():
        with contextlib.suppress(KeyError, ValueError):
            peer = float(rows["trafilatura"]["F1"])
            wanted = sets.get(name, peer)
            measured = float(rows[own]["F1"])
            figures.append(Figure(name=f"{target} F1 {name}", measured=measured, wanted=wanted))
            wanted = _TIMES_TRAFILATURA[target]
            figures.extend(_speeds(f"{target} {name}", rows, own, wanted))
    return figures


def _speeds(
    name: str, rows: dict[str, dict[str, str]], own: str, wanted: float
) -> Iterator[Figure]:
    """Yield how many times as fast as the peer: as it reads text alone, and text with metadata."""
    speed = float(rows[own]["pages/s"])
    for peer, does in _PEERS.items():
        if peer in rows:
            times = speed / float(rows[peer]["pages/s"])
            yield Figure(name=f"{name}: times {does}", measured=times, wanted=wanted)


if __name__ == "__main__":
    sys.exit(0 if all(each.is_met for each in run(quick="--quick" in sys.argv)) else 1)
