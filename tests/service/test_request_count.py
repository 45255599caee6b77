"""How many requests a new article costs on a press as busy as the real one."""

import asyncio
from pathlib import Path

from service.cli.opening import bring_up_to_date
from service.demo.stage import stage
from service.demo.traffic import overlaps, requests_per_article
from service.house import open_house
from storage.articles import count_articles
from tests.service.conftest import visit_all


def test_a_new_article_costs_less_than_1_3_requests(tmp_path: Path) -> None:
    with stage(tmp_path / "demo", port=0, is_busy=True) as setup:
        bring_up_to_date(setup.settings)
        house = open_house(setup.settings, reads_outlets=True)
        reports = asyncio.run(visit_all(house))
        with house.database.read() as connection:
            articles = count_articles(connection)
        asked = setup.press.asked
        house.close()
    assert articles > 200
    assert sum(one.requests for one in reports.values()) >= len(asked)
    assert requests_per_article(asked, articles) < 1.3
    assert overlaps(asked) == ()
