"""Load the names that credits print beside those of outlets: press, bodies, institutions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import ConfigDict, Field, TypeAdapter

from crawler.tomlfile import read_table, validate
from persian.fold import letters

SHIPPED: Final = Path(__file__).parent / "names.toml"
_STRICT: Final = ConfigDict(extra="forbid")
_Name = Annotated[str, Field(min_length=2)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicBody:
    """A public body or company whose press office writes news; `aliases` as printed."""

    __pydantic_config__ = _STRICT

    name: _Name
    aliases: tuple[_Name, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesFile:
    """One file of names.

    `press` are agencies and papers that are no outlets of the catalogue, `institutions` the first
    words of bodies' names («اداره کل»), `bodies` the bodies known by name.
    """

    __pydantic_config__ = _STRICT

    press: tuple[_Name, ...] = ()
    institutions: tuple[_Name, ...] = ()
    bodies: tuple[PublicBody, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNames:
    """The names of several files together, by their letters."""

    press: frozenset[str]
    institutions: frozenset[str]
    body_by_letters: Mapping[str, str]


_ADAPTER: Final = TypeAdapter(NamesFile)


@lru_cache(maxsize=8)
def load_names(*paths: Path) -> KnownNames:
    """Load files of names; a later file adds to the earlier ones and wins where both name a body.

    Raises CatalogueError with a line per problem: file, key, reason.
    """
    files = [validate(read_table(path), _ADAPTER, str(path)) for path in paths]
    return KnownNames(
        press=frozenset(letters(name) for file in files for name in file.press),
        institutions=frozenset(letters(name) for file in files for name in file.institutions),
        body_by_letters={
            letters(name): body.name
            for file in files
            for body in file.bodies
            for name in (body.name, *body.aliases)
        },
    )
