"""The peer of the whole walk: the field's libraries glued together as a good engineer would.

trafilatura and htmldate read the page, datasketch's MinHash LSH finds copies (word 5-grams, Jaccard
0.5, union of the matches), SQLite's FTS5 archives, and every rule is one compiled pattern.
"""

import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import htmldate
import trafilatura
from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped, unused-ignore]

PERMUTATIONS = 128
THRESHOLD = 0.5
GRAM = 5


def glued_together(
    file: Path, pages: Sequence[tuple[str, bytes]], queries: Sequence[str]
) -> list[int]:
    """Archive the pages in order, a commit each; return the story each was put into."""
    archive = sqlite3.connect(file)
    archive.execute("PRAGMA journal_mode=WAL")
    archive.execute("PRAGMA synchronous=NORMAL")
    archive.execute("CREATE VIRTUAL TABLE articles USING fts5(url, date, text)")
    rules = [_pattern(query) for query in queries]
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    stories: dict[str, int] = {}
    placed = []
    for number, (url, body) in enumerate(pages):
        html = body.decode()
        text = trafilatura.extract(html, url=url) or ""
        date = htmldate.find_date(html, url=url) or ""
        sketch = _sketch(text)
        copies = index.query(sketch)
        story = min((stories[copy] for copy in copies), default=number)
        key = str(number)
        index.insert(key, sketch)
        stories[key] = story
        with archive:
            archive.execute("INSERT INTO articles VALUES (?, ?, ?)", (url, date, text))
        for rule in rules:
            all(part.search(text) for part in rule)
        placed.append(story)
    archive.close()
    return placed


def _sketch(text: str) -> MinHash:
    words = text.split()
    sketch = MinHash(num_perm=PERMUTATIONS)
    for start in range(max(len(words) - GRAM + 1, 1)):
        sketch.update(" ".join(words[start : start + GRAM]).encode())
    return sketch


def _pattern(query: str) -> list[re.Pattern[str]]:
    """Compile `a AND (b OR c)` as two patterns that must both be found."""
    first, _, rest = query.partition(" AND ")
    others = rest.strip("()").split(" OR ")
    return [
        re.compile(rf"\b{re.escape(first)}\b"),
        re.compile("|".join(rf"\b{re.escape(word)}\b" for word in others)),
    ]
