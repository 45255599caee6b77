"""Archive and place a fixed stream of articles, one transaction each; made to be killed.

Run as `python -m tests.storage.place_all DATABASE_URL`. Every call does the same work again.
"""

import sys

from crawler.article import Article
from storage.articles import keep_article
from storage.database import Database
from storage.stories import place
from tests.storage.same_story_edits import EDITS, Printed
from tests.storage.same_story_press import ROLES
from tests.storage.same_story_reports import REPORTS
from tests.storage.same_story_texts import article

_OUTLETS = ("arman", "farda", "mehr", "vista", "tejarat")
_EDITS = ("half-spaces dropped", "new headline", "first 60 per cent", "synonyms", "verbatim")


def stream() -> list[Article]:
    """Return every report with five copies, in the order of their arrival."""
    arriving = []
    for place_, report in enumerate(REPORTS.values()):
        text = Printed(title=report.title, paragraphs=report.paragraphs)
        start = 45.0 * place_
        arriving.append(_article("nazir", text, start))
        for number, (outlet, edit) in enumerate(zip(_OUTLETS, _EDITS, strict=True), start=1):
            arriving.append(_article(outlet, EDITS[edit](text), start + 50 * number))
    return sorted(arriving, key=lambda one: one.fetched_at)


def _article(outlet: str, text: Printed, minutes: float) -> Article:
    url = f"https://{outlet}.test/{minutes}"
    return article(outlet, text.paragraphs, title=text.title, minutes=minutes, url=url)


def place_all(database: Database) -> None:
    """Archive and place the whole stream, telling of each on standard output."""
    for one in stream():
        with database.write() as connection:
            kept = keep_article(connection, one)
            place(connection, kept.article_id, one, roles=ROLES, now=one.fetched_at)
        print(kept.article_id, flush=True)


if __name__ == "__main__":
    place_all(Database.open(sys.argv[1]))
