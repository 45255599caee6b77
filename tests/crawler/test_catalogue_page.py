from datetime import UTC, datetime
from pathlib import Path

from crawler.catalogue_page import PAGE, catalogue_page, write_page
from tests.crawler.making import outlet


def test_the_page_in_the_documentation_is_what_the_catalogue_says(tmp_path: Path) -> None:
    fresh = tmp_path / "outlets.md"
    write_page(fresh)
    assert PAGE.read_text(encoding="utf-8") == fresh.read_text(encoding="utf-8"), (
        "write it anew with: python -m crawler.catalogue_page"
    )


def test_every_outlet_has_a_row_under_its_role() -> None:
    text = catalogue_page(
        [
            outlet(town="بم", verified_at=datetime(2026, 11, 23, tzinfo=UTC), access="open"),
            outlet(
                id="twin",
                homepage="https://twin.example",
                hosts=["pair.example"],
                role="agency",
                name="مهر | کرمان",
                ways_in=[
                    {"kind": "feed", "url": "https://twin.example/rss"},
                    {"kind": "sitemap", "url": "https://twin.example/s.xml", "backfill_only": True},
                ],
            ),
        ]
    )
    assert "2 outlets." in text
    local, agency = text.split("## ")[1:]
    assert local.startswith("Local press")
    assert (
        "| نذیر (Nazir) | `nazir` | nazir.example | بم | wordpress |  | open | 2026-11-23 |"
        in local
    )
    assert agency.startswith("Agencies")
    assert "| twin.example, pair.example |" in agency
    assert "feed, sitemap (past)" in agency
    assert "مهر \\| کرمان" in agency
