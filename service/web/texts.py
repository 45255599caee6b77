"""Find the texts a story is made of: every version of every teller, each under a lasting name.

A text is named `12` (what article 12 says now) or `12@4f2a…` (what it once said, by its hash).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from service.house import House
from service.web.comparing import Compared, compare_texts
from service.web.forms import whole
from service.web.views import StoryView, outlet_name
from storage.articles import get_article
from storage.change_kind import ChangeKind
from storage.codec import Said
from storage.errors import UnknownRecordError
from storage.history import changes_of
from storage.revisions import Revision, revisions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One version of one article. `number` counts the versions from 1, `versions` is how many.

    `at` is when it came out: the article's publication for the first version.
    """

    article_id: int
    story_id: int | None
    outlet_id: str
    outlet: str
    url: str
    language: str
    content_hash: str
    said: Said
    at: datetime
    shown_at: datetime
    last_shown_at: datetime
    number: int
    versions: int
    is_current: bool

    @property
    def ref(self) -> str:
        """The text's lasting name."""
        return f"{self.article_id}@{self.content_hash}"

    @property
    def path(self) -> str:
        """The text's own page."""
        return f"/articles/{self.article_id}/revisions/{self.content_hash}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One change of a page: what it said before and after, and what kinds of change it was."""

    shown_at: datetime
    before: str
    after: str
    kinds: tuple[ChangeKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two texts and their word diff."""

    before: Text
    after: Text
    compared: Compared


def texts_of_article(
    connection: Connection, house: House, article_id: int, story_id: int | None = None
) -> tuple[Text, ...]:
    """Return every version of an article, the first first; UnknownRecordError if there is none."""
    archived = get_article(connection, article_id)
    known = revisions_of(connection, article_id)
    article = archived.article

    def text(number: int, one: Revision) -> Text:
        return Text(
            article_id=article_id,
            story_id=story_id,
            outlet_id=article.outlet_id,
            outlet=outlet_name(house, article.outlet_id),
            url=article.url,
            language=article.language,
            content_hash=one.content_hash,
            said=one.said,
            at=archived.sort_at if number == 1 else one.first_shown_at,
            shown_at=one.first_shown_at,
            last_shown_at=one.last_shown_at,
            number=number,
            versions=len(known),
            is_current=one.content_hash == archived.content_hash,
        )

    return tuple(text(number, one) for number, one in enumerate(known, start=1))


def texts_of_story(house: House, story: StoryView) -> tuple[Text, ...]:
    """Return every version of every teller, in the order of the tellers."""
    with house.database.read() as connection:
        return tuple(
            text
            for teller in story.tellers
            for text in texts_of_article(connection, house, teller.article_id, story.id)
        )


def turns_of_story(house: House, story: StoryView) -> dict[int, tuple[Turn, ...]]:
    """Return the changes of each teller whose text changed, by article."""
    found = {}
    with house.database.read() as connection:
        for teller in story.tellers:
            if len(teller.revisions) > 1:
                found[teller.article_id] = _turns(connection, teller.article_id)
    return found


def _turns(connection: Connection, article_id: int) -> tuple[Turn, ...]:
    return tuple(
        Turn(
            shown_at=change.shown_at,
            before=f"{article_id}@{change.before.content_hash}",
            after=f"{article_id}@{change.after.content_hash}",
            kinds=change.kinds,
        )
        for change in changes_of(connection, article_id)
    )


def find_text(connection: Connection, house: House, ref: str) -> Text:
    """Return the text of a name; UnknownRecordError or BadFormError says what is wrong."""
    number, _, wanted = ref.partition("@")
    texts = texts_of_article(connection, house, whole("text", number))
    for text in texts:
        if text.content_hash == wanted or (not wanted and text.is_current):
            return text
    raise UnknownRecordError(
        "article {number} has no version «{given}»", number=number, given=wanted[:40]
    )


def compare(house: House, before: str, after: str, *, unfolded: bool = False) -> Comparison:
    """Return the word diff from one text to another."""
    with house.database.read() as connection:
        old, new = find_text(connection, house, before), find_text(connection, house, after)
    compared = compare_texts(old.said, new.said, whole=unfolded)
    return Comparison(before=old, after=new, compared=compared)
