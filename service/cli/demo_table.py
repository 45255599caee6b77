"""Tell how a demo ended: outlets, stories and their copies, alerts sent and held, misses."""

from collections import Counter

from rich.table import Table

from crawler.outlets import WayKind
from service.cli.screen import screen, table
from service.demo.report import Report
from service.demo.stage import Stage
from service.demo.watch import ALL, BEGIN
from service.house import House
from service.web.views import outlet_name
from storage import hubs
from storage.articles import count_articles
from storage.ledger import count_by_state
from storage.story_lists import count_copies, count_stories, stories_between
from storage.visits import recent_visits

SHOWN = 14
WEBSUB = "told by a hub"


def final_tables(house: House, setup: Stage, report: Report, *, first_alert: float | None) -> None:
    """Print the tables of outlets, stories, alerts and of what must be beside what is."""
    console = screen()
    parts = (_outlets(house), _ways(house), _stories(house), _alerts(house), _compared(report))
    for one in parts:
        console.print(one)
    for miss in report.misses:
        console.print(f"  missing: {miss}", markup=False)
    console.print(_figures(house, setup, first_alert), markup=False)


def _outlets(house: House) -> Table:
    with house.database.read() as connection:
        visits = recent_visits(connection, limit=ALL)
    rows = []
    for outlet in house.outlets.values():
        own = [visit for visit in visits if visit.outlet_id == outlet.id]
        says = next((visit.failure_detail for visit in own if visit.failure_detail), "")
        rows.append(
            (
                outlet.name,
                outlet.profile.name,
                ", ".join(way.kind.value for way in outlet.ways_in),
                len(own),
                sum(visit.requests for visit in own),
                sum(visit.new for visit in own),
                says,
            )
        )
    columns = ("outlet", "family", "way in", "visits", "requests", "articles", "what went wrong")
    return table("outlets", columns, rows)


def _ways(house: House) -> Table:
    """Count the entries each way in gave, by CMS family, and how often its hubs told of news."""
    with house.database.read() as connection:
        visits = recent_visits(connection, limit=ALL)
        offered = hubs.all_hubs(connection).values()
    told: Counter[str] = Counter()
    for one in offered:
        told[house.outlets[one.outlet_id].profile.name] += one.told
    found: Counter[tuple[str, str]] = Counter()
    for visit in visits:
        family = house.outlets[visit.outlet_id].profile.name
        for way in visit.ways:
            key = (family, way.kind)
            found[key] = max(found[key], way.found)
        found[family, WEBSUB] = told[family]
    kinds = [*(kind.value for kind in WayKind), WEBSUB]
    families = sorted({family for family, _ in found})
    rows = [(family, *(found[family, kind] or "" for kind in kinds)) for family in families]
    return table("ways in × families (entries named at the fullest visit)", ("", *kinds), rows)


def _stories(house: House) -> Table:
    with house.database.read() as connection:
        told = stories_between(connection, BEGIN, house.clock(), limit=ALL)
    spread = sorted(
        (one for one in told if len(one.members) > 1), key=lambda one: -len(one.members)
    )
    rows = [
        (
            outlet_name(house, one.members[0][0].outlet_id),
            one.original.article.title,
            "، ".join(
                f"{outlet_name(house, member.outlet_id)} ({member.relation.value})"
                for member, _ in one.members[1:]
            ),
        )
        for one in spread[:SHOWN]
    ]
    title = f"stories with copies (the {len(rows)} widest of {len(spread)})"
    return table(title, ("original", "headline", "copies"), rows)


def _alerts(house: House) -> Table:
    with house.database.read() as connection:
        counts = count_by_state(connection)
    rows = [
        (state.value, reason.value if reason else "", count)
        for (state, reason), count in counts.items()
    ]
    return table("alerts", ("state", "why", "count"), rows)


def _compared(report: Report) -> Table:
    rows = [(row.label, row.expected, row.right, row.wrong) for row in report.rows]
    return table("as it must be", ("what", "expected", "right", "wrong"), rows)


def _figures(house: House, setup: Stage, first_alert: float | None) -> str:
    with house.database.read() as connection:
        articles = count_articles(connection)
        stories = count_stories(connection)
        copies = count_copies(connection)
    requests = len(setup.press.asked)
    first = "none was sent" if first_alert is None else f"after {first_alert:.1f} s"
    return (
        f"{articles} articles, {stories} stories, {copies} copies; {requests} requests, "
        f"{requests / max(articles, 1):.2f} per new article; first alert: {first}"
    )
