"""The catalogue of outlets: what is known of each, loaded from one TOML file per outlet."""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    InstanceOf,
    TypeAdapter,
    WithJsonSchema,
)

from crawler import profiles, templates
from crawler.errors import CatalogueError
from crawler.profiles import Profile
from crawler.tomlfile import did_you_mean, read_table, validate
from crawler.zones import ZoneName

SHIPPED: Final = Path(__file__).parent / "catalogue"
FALLBACK: Final = "generic"  # the profile of an outlet whose family is unknown
STRICT: Final = ConfigDict(extra="forbid")


class Role(StrEnum):
    """What an outlet is to a story: a republisher or aggregator is no origin of what it credits."""

    LOCAL = "local"
    AGENCY = "agency"
    OFFICIAL = "official"
    TRADE = "trade"
    REPUBLISHER = "republisher"
    AGGREGATOR = "aggregator"


class WayKind(StrEnum):
    """The ways in to an outlet: how its new articles are found."""

    FEED = "feed"
    SITEMAP = "sitemap"
    WORDPRESS = "wordpress"
    LIST = "list"
    ARCHIVE = "archive"


class Access(StrEnum):
    """How an outlet was last known to answer; a fact of the catalogue, not the state of today."""

    OPEN = "open"
    GEO_BLOCKED = "geo_blocked"
    JS_CHALLENGE = "js_challenge"
    JS_RENDERED = "js_rendered"
    TLS_BROKEN = "tls_broken"
    UNKNOWN = "unknown"


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an address beginning with http:// or https://")
    return url


def _way_address(url: str) -> str:
    unknown = templates.places_in(url) - templates.KNOWN
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in sorted(templates.KNOWN))
        raise ValueError(f"holds {{{min(unknown)}}}; known places are {known}")
    return _web_address(url)


def _network(text: str) -> str:
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise ValueError(f"must be an address or network such as 127.0.0.1/32 ({error})") from error
    return text


def _host(text: str) -> str:
    if not re.fullmatch(r"(\*\.)?[a-z0-9.-]+(:\d+)?", text):
        raise ValueError("must be a bare lower-case host name such as example.ir or *.example.ir")
    return text


WayAddress = Annotated[str, AfterValidator(_way_address)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Network = Annotated[str, AfterValidator(_network)]
Host = Annotated[str, AfterValidator(_host)]
Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """One way in to an outlet.

    `url` may hold `{page}`, `{jy}`, `{jm}`, `{jd}`, `{y}`, `{m}`, `{d}` for lists and archives.
    `links` is the CSS selector of the links of a list (None: the profile's). `pages` is how many
    pages a visit reads. `naive_zone` is the zone of stamps that name none (None: the profile's).
    `local` ways hold only what belongs here, so the outlet's place filter is not asked.
    `backfill_only` ways are never read by a visit.
    """

    __pydantic_config__ = STRICT

    kind: WayKind
    url: WayAddress
    links: Text | None = None
    pages: Annotated[int, Field(ge=1, le=100)] = 1
    naive_zone: ZoneName | None = None
    local: bool = False
    backfill_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFilter:
    """Which items of a national outlet belong here.

    An item is kept when one of `words` stands in it as a whole word («کرمان», never «کرمانشاه»), or
    one of `sections` is its section, or its address contains one of `paths`.
    """

    __pydantic_config__ = STRICT

    words: tuple[Text, ...] = ()
    sections: tuple[Text, ...] = ()
    paths: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """How gently an outlet is read: seconds between two requests, an own word in the user agent."""

    __pydantic_config__ = STRICT

    pause_seconds: Annotated[float, Field(ge=0, le=3600)] = 5.0
    user_agent_suffix: str = ""
    requests_per_visit: Annotated[int, Field(ge=1, le=1000)] = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The bounds of an outlet's rhythm, in minutes."""

    __pydantic_config__ = STRICT

    min_minutes: Annotated[float, Field(ge=0.01, le=1440)] = 2.0
    max_minutes: Annotated[float, Field(ge=0.01, le=10080)] = 1440.0

    @property
    def shortest(self) -> timedelta:
        """The least time between two visits."""
        return timedelta(minutes=self.min_minutes)

    @property
    def longest(self) -> timedelta:
        """The most time between two visits."""
        return timedelta(minutes=max(self.min_minutes, self.max_minutes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One outlet of the catalogue, with its profile resolved.

    `homepage` decides scheme and host of every canonical URL; `hosts` are further hosts that serve
    the same articles. `aliases` are the names as printed in credits. `group` is the independence
    group (None: the outlet stands alone). `allow_private` names the private addresses its hosts may
    point at. `tls_verify` false is shown on the health page. `verified_at` is None until somebody
    has read the outlet live.
    """

    __pydantic_config__ = STRICT

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,40}$")]
    name: Text
    name_en: Text
    homepage: WebAddress
    role: Role
    profile: Annotated[Profile, InstanceOf(), WithJsonSchema({"type": "string"})]
    overrides: Mapping[str, object] = field(default_factory=dict)
    aliases: tuple[Text, ...] = ()
    hosts: tuple[Host, ...] = ()
    group: Text | None = None
    town: Text | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = "fa"
    ways_in: tuple[WayIn, ...] = ()
    place_filter: PlaceFilter | None = None
    access: Access = Access.UNKNOWN
    politeness: Politeness = field(default_factory=Politeness)
    interval: Interval = field(default_factory=Interval)
    verified_at: datetime | None = None
    allow_private: tuple[Network, ...] = ()
    tls_verify: bool = True
    note: str = ""

    @property
    def independence(self) -> str:
        """The group that counts as one voice: the owner's, or the outlet alone."""
        return self.group or self.id

    @property
    def host(self) -> str:
        """The homepage's host with its port, lower-case."""
        return urlsplit(self.homepage).netloc.lower()


_ADAPTER: Final = TypeAdapter(Outlet)


def load_outlets(*directories: Path) -> dict[str, Outlet]:
    """Load every `<id>.toml` of `directories`, the shipped catalogue when none is given, by id.

    A later directory replaces an outlet of an earlier one. Raises CatalogueError with every problem
    of every file, one a line.
    """
    outlets: dict[str, Outlet] = {}
    problems: list[str] = []
    for path in _files(directories or (SHIPPED,), problems):
        try:
            outlets[path.stem] = load_outlet(path)
        except CatalogueError as error:
            problems.extend(error.problems)
    problems.extend(_shared_hosts(outlets))
    if problems:
        raise CatalogueError(tuple(problems))
    return dict(sorted(outlets.items()))


def _files(directories: tuple[Path, ...], problems: list[str]) -> Iterator[Path]:
    for directory in directories:
        if not directory.is_dir():
            problems.append(f"{directory}: is no directory; outlets are read from *.toml in it")
            continue
        yield from sorted(directory.glob("*.toml"))


def load_outlet(path: Path) -> Outlet:
    """Load one outlet; the file is named after its id."""
    outlet = outlet_from(read_table(path), place=str(path))
    if outlet.id != path.stem:
        raise CatalogueError((f"{path}: id: is {outlet.id!r}; the file must be {outlet.id}.toml",))
    return outlet


def outlet_from(table: Mapping[str, object], *, place: str) -> Outlet:
    """Validate one outlet's table; `place` begins every problem's line."""
    values = dict(table)
    problems: list[str] = []
    try:
        values["profile"] = _profile(values, place)
    except CatalogueError as error:
        problems.extend(error.problems)
        values |= {"profile": profiles.resolve(FALLBACK, {}), "overrides": {}}
    try:
        outlet = validate(values, _ADAPTER, place)
    except CatalogueError as error:
        problems.extend(error.problems)
    else:
        if not problems:
            return outlet
    raise CatalogueError(tuple(problems))


def _profile(values: Mapping[str, object], place: str) -> Profile:
    name = values.get("profile", FALLBACK)
    overrides = values.get("overrides", {})
    if not isinstance(name, str):
        raise CatalogueError((f"{place}: profile: must be the name of a profile, found {name!r}",))
    if not isinstance(overrides, Mapping):
        raise CatalogueError((f"{place}: overrides: must be a table, found {overrides!r}",))
    if name not in profiles.profile_names():
        hint = did_you_mean(name, profiles.profile_names())
        raise CatalogueError((f"{place}: profile: no profile is named {name!r}{hint}",))
    return profiles.resolve(name, overrides, place=f"{place}: overrides")


def _shared_hosts(outlets: Mapping[str, Outlet]) -> Iterator[str]:
    owners: dict[str, str] = {}
    for outlet in outlets.values():
        for host in {outlet.host, *outlet.hosts}:
            owner = owners.setdefault(host, outlet.id)
            if owner != outlet.id:
                yield f"{outlet.id}.toml: hosts: {host} already belongs to {owner}"
