"""Load topics: TOML packs of evidence with points, with examples that must and must not fire.

A pack says what it is about, its clauses (`alerts.rules.Clause`), and `[[example]]` tables.
Evidence is written in the query grammar. `@name` stands for a list of `lists.toml`: alone it is
one piece of evidence per entry, inside a query it is «(a OR b)». `builds_on` takes over another
pack's clauses.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from alerts.errors import TopicError, UnknownTopicError
from alerts.rules import MOST, Clause, Evidence, Rule
from storage.query_error import QueryError
from storage.query_parser import parse

SHIPPED: Final = Path(__file__).parent / "topics"
LISTS: Final = "lists.toml"
_LIST: Final = re.compile(r"@([a-z][a-z0-9-]*)")
_QUOTED: Final = re.compile(r'[\s()"«»]')
# Topics ask for no relative dates, so the instant they are parsed at does not matter.
_ANY_TIME: Final = datetime(2025, 1, 1, tzinfo=UTC)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Clause(_Part):
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    why: str = ""
    points: float
    body_points: float | None = None
    most: Annotated[int, Field(ge=1)] = MOST
    beside: tuple[str, ...] = ()
    any: Annotated[tuple[str, ...], Field(min_length=1)]


class _Example(_Part):
    title: str
    lead: str = ""
    body: str = ""
    fires: bool


class _Pack(_Part):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
    name: Annotated[str, Field(min_length=1)]
    about: Annotated[str, Field(min_length=1)]
    threshold: float | None = None
    builds_on: str | None = None
    requires: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    clause: tuple[_Clause, ...] = ()
    example: Annotated[tuple[_Example, ...], Field(min_length=2)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An article that a topic must fire for, or must not."""

    title: str
    lead: str
    body: str
    fires: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic: what it is about, the rule that decides, and its own examples."""

    id: str
    name: str
    about: str
    rule: Rule
    examples: tuple[Example, ...]


def load_topics(*directories: Path) -> dict[str, Topic]:
    """Load the packs of these directories, by default the shipped ones; a later one wins by id.

    Raises TopicError naming the file, the key and what is wrong.
    """
    packs: dict[str, tuple[Path, _Pack]] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for directory in directories or (SHIPPED,):
        lists |= _load_lists(directory / LISTS)
        for file in sorted(directory.glob("*.toml")):
            if file.name != LISTS:
                pack = _load_pack(file)
                packs[pack.id] = (file, pack)
    return {pack_id: _topic(pack_id, packs, lists) for pack_id in sorted(packs)}


def get_topic(topics: Mapping[str, Topic], topic_id: str) -> Topic:
    """Return a topic; raise UnknownTopicError that lists the topics there are."""
    if topic_id not in topics:
        known = ", ".join(sorted(topics))
        raise UnknownTopicError(f"there is no topic «{topic_id}»; the topics are {known}")
    return topics[topic_id]


def rules_of(topics: Iterable[Topic]) -> tuple[Rule, ...]:
    """Return the topics' rules."""
    return tuple(topic.rule for topic in topics)


def _load_pack(file: Path) -> _Pack:
    try:
        return _Pack.model_validate(_read(file))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise TopicError(f"{file}: {place}: {first['msg']}") from error


def _load_lists(file: Path) -> dict[str, tuple[str, ...]]:
    if not file.exists():
        return {}
    lists: dict[str, tuple[str, ...]] = {}
    for name, entries in _read(file).items():
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            raise TopicError(f"{file}: {name}: a list of texts is needed")
        lists[name] = tuple(entries)
    return lists


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TopicError(f"{file}: {error}") from error


def _topic(
    topic_id: str,
    packs: Mapping[str, tuple[Path, _Pack]],
    lists: Mapping[str, tuple[str, ...]],
) -> Topic:
    file, pack = packs[topic_id]
    chain = _chain(topic_id, packs)
    clauses = tuple(
        _clause(packs[one.id][0], clause, lists) for one in chain for clause in one.clause
    )
    names = [clause.name for clause in clauses]
    twice = {name for name in names if names.count(name) > 1}
    unknown = {*pack.requires, *(name for clause in clauses for name in clause.beside)} - {*names}
    if twice or unknown:
        fault = f"two clauses named {sorted(twice)}" if twice else f"no clause {sorted(unknown)}"
        raise TopicError(f"{file}: {fault}; the clauses are {', '.join(names)}")
    thresholds = [one.threshold for one in chain if one.threshold is not None]
    rule = Rule(
        id=pack.id,
        name=pack.name,
        clauses=clauses,
        threshold=thresholds[-1] if thresholds else 1.0,
        requires=tuple(name for one in chain for name in one.requires),
        languages=frozenset(pack.languages),
        is_topic=True,
    )
    examples = tuple(Example(**example.model_dump()) for example in pack.example)
    return Topic(id=pack.id, name=pack.name, about=pack.about, rule=rule, examples=examples)


def _chain(topic_id: str, packs: Mapping[str, tuple[Path, _Pack]]) -> list[_Pack]:
    """Return the packs a topic is made of, the one it all builds on first."""
    file, pack = packs[topic_id]
    chain = [pack]
    while chain[0].builds_on is not None:
        base = chain[0].builds_on
        if base not in packs or base in {one.id for one in chain}:
            raise TopicError(f"{file}: builds_on: no topic «{base}» to build on")
        chain.insert(0, packs[base][1])
    return chain


def _clause(file: Path, clause: _Clause, lists: Mapping[str, tuple[str, ...]]) -> Clause:
    pairs = [pair for entry in clause.any for pair in _expanded(file, clause.name, entry, lists)]
    body_points = clause.points / 2 if clause.body_points is None else clause.body_points
    return Clause(
        name=clause.name,
        points=clause.points,
        body_points=body_points,
        most=clause.most,
        beside=clause.beside,
        evidence=tuple(_evidence(file, clause.name, *pair) for pair in dict.fromkeys(pairs)),
    )


def _expanded(
    file: Path, clause: str, entry: str, lists: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, str], ...]:
    """Return what to show of each piece of evidence, and the query it stands for."""
    unknown = {name for name in _LIST.findall(entry) if name not in lists}
    if unknown:
        raise TopicError(f"{file}: {clause}: no list {sorted(unknown)} in {LISTS}")
    whole = _LIST.fullmatch(entry)
    if whole:
        return tuple((one, _quoted(one)) for one in lists[whole[1]])
    return ((entry, _LIST.sub(lambda found: _alternatives(lists[found[1]]), entry)),)


def _alternatives(entries: tuple[str, ...]) -> str:
    return "(" + " OR ".join(_quoted(entry) for entry in entries) + ")"


def _quoted(entry: str) -> str:
    """Quote a plain phrase; what is a query already stays as it is."""
    if '"' in entry or entry.startswith("=") or not _QUOTED.search(entry):
        return entry
    return f'"{entry}"'


def _evidence(file: Path, clause: str, shown: str, text: str) -> Evidence:
    try:
        query = parse(text if _is_query(text) else _quoted(text), now=_ANY_TIME)
    except QueryError as error:
        raise TopicError(f"{file}: {clause}: {error}\n{error.caret()}") from error
    return Evidence(query=query, text=shown)


def _is_query(text: str) -> bool:
    """Tell whether a text uses the grammar; several plain words are a phrase."""
    return bool(re.search(r'["«()=*:]|\b(?:AND|OR|NOT|NEAR)\b', text))
