"""Know who a printed name is: an outlet of the catalogue, a public body, or press nobody mapped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol, Self, runtime_checkable
from urllib.parse import urlsplit

from crawler.known_names import SHIPPED, load_names
from persian.fold import letters

_HOST_PREFIXES: Final = ("www.", "m.", "amp.", "mail.", "live.")


class Named(Protocol):
    """What the directory needs to know of an outlet."""

    @property
    def id(self) -> str:
        """The outlet's id in the catalogue."""

    @property
    def name(self) -> str:
        """Its Persian name."""

    @property
    def aliases(self) -> Sequence[str]:
        """Its names as printed in credits."""

    @property
    def homepage(self) -> str:
        """The address whose host is the outlet's."""


@runtime_checkable
class Catalogued(Protocol):
    """What an outlet of the catalogue adds: further hosts, and its name in Latin letters."""

    @property
    def hosts(self) -> Sequence[str]:
        """Further hosts that serve the same articles."""

    @property
    def name_en(self) -> str:
        """Its English name."""


def names_of(outlet: Named) -> tuple[str, ...]:
    """Return every name an outlet is credited by, its full name first."""
    english = (outlet.name_en,) if isinstance(outlet, Catalogued) and outlet.name_en else ()
    return (outlet.name, *outlet.aliases, *english)


def hosts_of(outlet: Named) -> tuple[str, ...]:
    """Return every host of an outlet, its homepage's first."""
    further = tuple(outlet.hosts) if isinstance(outlet, Catalogued) else ()
    return tuple(filter(None, map(_host, (outlet.homepage, *further))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Who a name is; both fields are None for press that nobody has mapped to an outlet."""

    outlet_id: str | None = None
    body: str | None = None


@lru_cache(maxsize=1_024)  # asked for with every article of an outlet
def _letters_of(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(letters, names)) - {""}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNames:
    """The names under which one outlet speaks of itself, as `persian.fold.letters` gives them."""

    outlet_id: str
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, outlet: Named) -> Self:
        """Return the names of an outlet."""
        return cls(outlet_id=outlet.id, names=_letters_of(names_of(outlet)))


_UNMAPPED: Final = Resolved()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameDirectory:
    """Every name that credits may print, by its letters.

    Build one with `of`. A name that two outlets claim resolves to neither; see `contested`.
    """

    by_letters: Mapping[str, Resolved] = field(default_factory=dict)
    by_host: Mapping[str, str] = field(default_factory=dict)
    institutions: frozenset[str] = frozenset()
    contested: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, outlets: Iterable[Named], *, names: Sequence[Path] = (SHIPPED,)) -> Self:
        """Build the directory of a catalogue, together with the bodies and press of files of names.

        A name of the catalogue outweighs one of the files. Raises CatalogueError for a broken file.
        """
        known = load_names(*names)
        claims = _claims(outlets := tuple(outlets))
        contested = {name: frozenset(ids) for name, ids in claims.items() if len(ids) > 1}
        return cls(
            by_letters={
                **dict.fromkeys(known.press, _UNMAPPED),
                **{name: Resolved(body=body) for name, body in known.body_by_letters.items()},
                **{name: _claimed(ids) for name, ids in claims.items()},
            },
            by_host={host: outlet.id for outlet in outlets for host in hosts_of(outlet)},
            institutions=known.institutions,
            contested=contested,
        )

    def resolve(self, name: str) -> Resolved | None:
        """Return who a whole name is, or None when the directory has never heard of it."""
        return self.by_letters.get(letters(name))

    def outlet_at(self, url: str) -> str | None:
        """Return the outlet whose homepage has the host of an address, sub-domains included."""
        labels = _host(url).split(".")
        hosts = (".".join(labels[start:]) for start in range(len(labels) - 1))
        return next((self.by_host[host] for host in hosts if host in self.by_host), None)


def _claims(outlets: Iterable[Named]) -> dict[str, set[str]]:
    """Return which outlets claim each name; a full name outweighs other outlets' aliases."""
    claims: dict[str, set[str]] = {}
    for outlet in outlets:
        for alias in names_of(outlet)[1:]:
            claims.setdefault(letters(alias), set()).add(outlet.id)
    full: dict[str, set[str]] = {}
    for outlet in outlets:
        full.setdefault(letters(outlet.name), set()).add(outlet.id)
    return {name: ids for name, ids in (claims | full).items() if name}


def _claimed(ids: set[str]) -> Resolved:
    return Resolved(outlet_id=next(iter(ids))) if len(ids) == 1 else _UNMAPPED


def _host(url: str) -> str:
    """Return the host of an address without its usual prefixes; "" when it has none."""
    try:
        host = (urlsplit(url if "//" in url else f"//{url}").hostname or "").lower()
    except ValueError:
        return ""
    for prefix in _HOST_PREFIXES:
        host = host.removeprefix(prefix)
    return host
