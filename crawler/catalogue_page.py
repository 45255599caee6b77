"""Writes the catalogue as a page of the documentation (docs/outlets.md)."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from crawler.outlets import Access, Outlet, Role, WayIn, load_outlets

PAGE: Final = Path(__file__).parent.parent / "docs" / "outlets.md"

_ROLES: Final[Mapping[Role, tuple[str, str]]] = {
    Role.LOCAL: ("Local press", "newspapers and news sites of the province"),
    Role.AGENCY: ("Agencies", "national; what belongs to Kerman is filtered by place"),
    Role.OFFICIAL: ("Public bodies", "what an office says of itself"),
    Role.TRADE: ("Trade press", "mines and metals; read whole"),
    Role.REPUBLISHER: ("Re-publishers", "never the origin of a story that names its source"),
    Role.AGGREGATOR: ("Aggregators", "never an origin"),
}
_HEAD: Final = """# Outlets

The press that Rasad watches, written from the files in `crawler/catalogue/` by
`python -m crawler.catalogue_page`. Edit a file there, not this page.

{count} outlets. *Verified* is the day on which somebody read the outlet live; an empty cell means
that names, addresses and ways in were collected from pages and still wait for a first good visit.
"""


def catalogue_page(outlets: Iterable[Outlet]) -> str:
    """Return the whole page in Markdown: a table per role, outlets by id."""
    known = sorted(outlets, key=lambda outlet: outlet.id)
    sections = (_section(role, [each for each in known if each.role is role]) for role in Role)
    return "\n".join([_HEAD.format(count=len(known)), *filter(None, sections)])


def _section(role: Role, outlets: list[Outlet]) -> str:
    if not outlets:
        return ""
    title, meaning = _ROLES[role]
    head = "| outlet | id | host | town | family | ways in | access | verified |"
    rule = "|---|---|---|---|---|---|---|---|"
    rows = "\n".join(_row(outlet) for outlet in outlets)
    return f"## {title}\n\n{meaning[:1].upper()}{meaning[1:]}.\n\n{head}\n{rule}\n{rows}\n"


def _row(outlet: Outlet) -> str:
    cells = (
        f"{outlet.name} ({outlet.name_en})",
        f"`{outlet.id}`",
        ", ".join([outlet.host, *outlet.hosts]),
        outlet.town or "",
        outlet.profile.name,
        ", ".join(dict.fromkeys(_way(way) for way in outlet.ways_in)),
        "" if outlet.access is Access.UNKNOWN else outlet.access.value.replace("_", " "),
        outlet.verified_at.date().isoformat() if outlet.verified_at else "",
    )
    return f"| {' | '.join(_escaped(cells))} |"


def _way(way: WayIn) -> str:
    return f"{way.kind.value} (past)" if way.backfill_only else way.kind.value


def _escaped(cells: Iterable[str]) -> Iterator[str]:
    return (cell.replace("|", "\\|") for cell in cells)


def write_page(path: Path = PAGE) -> None:
    """Write the shipped catalogue's page; the same again where nothing changed."""
    path.write_text(catalogue_page(load_outlets().values()), encoding="utf-8")


if __name__ == "__main__":
    write_page()
