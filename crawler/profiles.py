"""What the pages and feeds of a CMS family look like: the Profile, and its loading."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter

from crawler.errors import CatalogueError
from crawler.extractors import ExtractorText, PatternText, SelectorText
from crawler.tomlfile import Table, did_you_mean, read_table, validate
from crawler.zones import ZoneName

SHIPPED: Final = Path(__file__).parent / "profiles"
_STRICT: Final = ConfigDict(extra="forbid")
_PLACEHOLDER: Final = re.compile(r"\{(\w*)\}")
Promised = Literal[
    "kicker", "title", "lead", "body", "published", "byline", "section", "tags", "image"
]


def _template(text: str) -> str:
    unknown = set(_PLACEHOLDER.findall(text)) - {"scheme", "host", "id"}
    if unknown or "{id}" not in text:
        raise ValueError("must hold {id} and may hold {scheme} and {host}, nothing else in braces")
    return text


def _id_pattern(pattern: str) -> str:
    if "id" not in re.compile(pattern).groupindex:
        raise ValueError("must hold a group named id, such as (?P<id>\\d+)")
    return pattern


IdPattern = Annotated[PatternText, AfterValidator(_id_pattern)]
Template = Annotated[str, AfterValidator(_template)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Where each field stands: the first extractor that yields something wins.

    Texts and the image take the first match of an extractor, `body` every match that stands in no
    other, `section` and `tags` every match. `published` and `modified` are all read: the most
    trusted claim wins, the order breaks ties.
    """

    __pydantic_config__ = _STRICT

    kicker: tuple[ExtractorText, ...] = ()
    title: tuple[ExtractorText, ...] = ()
    lead: tuple[ExtractorText, ...] = ()
    body: tuple[SelectorText, ...] = ()
    published: tuple[ExtractorText, ...] = ()
    modified: tuple[ExtractorText, ...] = ()
    byline: tuple[ExtractorText, ...] = ()
    credit: tuple[ExtractorText, ...] = ()
    section: tuple[ExtractorText, ...] = ()
    tags: tuple[ExtractorText, ...] = ()
    image: tuple[ExtractorText, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRules:
    """What is cut from a body.

    `drop` are selectors of elements left out; `stop` selectors at which the body ends. The patterns
    are searched in a block's text: `drop_text` leaves the block out, `stop_text` ends the body
    before it, `tail_text` ends it too but keeps the rest as the tail.
    """

    __pydantic_config__ = _STRICT

    drop: tuple[SelectorText, ...] = ()
    stop: tuple[SelectorText, ...] = ()
    drop_text: tuple[PatternText, ...] = ()
    stop_text: tuple[PatternText, ...] = ()
    tail_text: tuple[PatternText, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDialect:
    """How a family's feeds deviate from the specifications.

    `naive_zone` is the zone of stamps that name none. `guid_is_link` says that a guid may serve as
    the address. `page_parameter` is the query parameter that turns a feed's pages, where it has
    more than one. `summary_is_lead` says that the description is the article's lead, not a cut
    body.
    """

    __pydantic_config__ = _STRICT

    naive_zone: ZoneName = "Asia/Tehran"
    guid_is_link: bool = False
    page_parameter: Annotated[str, Field(pattern=r"^\w+$")] | None = None
    summary_is_lead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRules:
    """How section and archive pages name their articles.

    `items` are selectors of one article's box; within a box the first `links` match is its link and
    `published` its date. Without `items`, `links` are searched in the whole page. `next` is the
    link to the following page. `archive` is a path with `{page}`, `{jy}`, `{jm}`, `{jd}`, `{y}`,
    `{m}`, `{d}`.
    """

    __pydantic_config__ = _STRICT

    items: tuple[SelectorText, ...] = ()
    links: tuple[SelectorText, ...] = ()
    published: tuple[ExtractorText, ...] = ()
    next: tuple[SelectorText, ...] = ()
    archive: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One CMS family, as its TOML file tells it.

    `fingerprint` are selectors, and `marks` literal texts of comments, scripts and feeds, of which
    one match betrays the family. `id_patterns` find the article's id in the path and query of an
    address; `canonical_template` builds the canonical address from it where pages name none.
    `article_url_pattern` tells article addresses from others. `blocked_markers` are literal texts
    of challenge pages. A soft 404 matches one of the selectors `not_found` or carries one of
    `not_found_markers` in its title or first heading.
    `promises` are the fields whose absence is reported as missing.
    """

    __pydantic_config__ = _STRICT

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
    title: Annotated[str, Field(min_length=1)]
    fingerprint: tuple[SelectorText, ...] = ()
    marks: tuple[str, ...] = ()
    id_patterns: tuple[IdPattern, ...] = ()
    canonical_template: Template | None = None
    article_url_pattern: PatternText | None = None
    blocked_markers: tuple[str, ...] = ()
    not_found: tuple[SelectorText, ...] = ()
    not_found_markers: tuple[str, ...] = ()
    promises: tuple[Promised, ...] = ("title", "body", "published")
    fields: Fields = field(default_factory=Fields)
    body: BodyRules = field(default_factory=BodyRules)
    feed: FeedDialect = field(default_factory=FeedDialect)
    lists: ListRules = field(default_factory=ListRules)


_PROFILE: Final = TypeAdapter(Profile)


def profile_names(directory: Path = SHIPPED) -> tuple[str, ...]:
    """List the profiles of `directory`, in alphabetical order."""
    return tuple(sorted(path.stem for path in directory.glob("*.toml")))


def load_profile(name: str, directory: Path = SHIPPED) -> Profile:
    """Load the profile `name`; raise CatalogueError naming file, key and reason."""
    path, table = _table(name, directory)
    return _checked(table, str(path), name)


def resolve(
    name: str, overrides: Mapping[str, object], directory: Path = SHIPPED, place: str = "overrides"
) -> Profile:
    """Load `name` with an outlet's overrides laid over it, key by key; a list replaces a list.

    Raise CatalogueError; its lines begin with `place` where the overrides are to blame.
    """
    profile = load_profile(name, directory)
    if not overrides:
        return profile
    _, table = _table(name, directory)
    return _checked(_laid_over(table, overrides), place, name)


def load_profiles(directory: Path = SHIPPED) -> dict[str, Profile]:
    """Load every profile of `directory`; raise one CatalogueError with all problems."""
    loaded: dict[str, Profile] = {}
    problems: list[str] = []
    for name in profile_names(directory):
        try:
            loaded[name] = load_profile(name, directory)
        except CatalogueError as error:
            problems.extend(error.problems)
    if problems:
        raise CatalogueError(tuple(problems))
    return loaded


@cache
def _table(name: str, directory: Path) -> tuple[Path, Table]:
    path = directory / f"{name}.toml"
    if not path.is_file():
        hint = did_you_mean(name, profile_names(directory))
        raise CatalogueError((f"{path}: no profile is named {name!r}{hint}",))
    return path, read_table(path)


def _checked(table: Table, place: str, name: str) -> Profile:
    profile = validate(table, _PROFILE, place)
    if profile.name != name:
        raise CatalogueError((f"{place}: name: is {profile.name!r} but the file says {name!r}",))
    return profile


def _laid_over(table: Mapping[str, object], overrides: Mapping[str, object]) -> Table:
    merged: Table = dict(table)
    for key, value in overrides.items():
        under = merged.get(key)
        if isinstance(under, Mapping) and isinstance(value, Mapping):
            merged[key] = _laid_over(under, value)
        else:
            merged[key] = value
    return merged
