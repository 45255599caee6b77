"""Save, silence and judge rules, for the pages and the API alike."""

from dataclasses import dataclass

from alerts.rules import parse_rule
from service.house import House
from service.rulebook import is_rule_id
from service.web.refusal import BadFormError, ConflictError
from service.web.rule_view import find
from storage.articles import get_article
from storage.rules import Feedback, SavedRule, enable_rule, keep_feedback, save_rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A rule as somebody filled it in."""

    rule_id: str
    query: str
    name: str = ""
    note: str = ""


def save(house: House, wish: Wish, *, by_whom: str) -> SavedRule:
    """Save a rule as its next version; old stories are not alerted.

    Raises BadFormError for an id nobody could write, ConflictError for a topic's, QueryError with
    the place.
    """
    if not is_rule_id(wish.rule_id):
        raise BadFormError(
            "«{given}» is no id; use a-z, 0-9 and - such as mes-co", given=wish.rule_id[:40]
        )
    if wish.rule_id in house.rulebook.topics:
        raise ConflictError("«{given}» is a topic; choose another id", given=wish.rule_id)
    parse_rule(wish.rule_id, wish.query, now=house.clock())
    with house.database.write() as connection:
        saved = save_rule(
            connection,
            wish.rule_id,
            query=wish.query,
            now=house.clock(),
            name=wish.name or None,
            saved_by=by_whom,
            note=wish.note,
        )
    house.rulebook.refresh()
    return saved


def silence(house: House, rule_id: str, *, enabled: bool) -> None:
    """Let a saved rule fire no more, or again; UnknownRecordError when there is none."""
    with house.database.write() as connection:
        enable_rule(connection, rule_id, enabled=enabled, now=house.clock())
    house.rulebook.refresh()


def judge(house: House, rule_id: str, article_id: int, *, reader: str, is_relevant: bool) -> None:
    """Keep what a reader says of an alert: it is an example the rule is tested with from then on.

    Raises UnknownRecordError for a rule or article that is not there.
    """
    with house.database.write() as connection:
        find(house, connection, rule_id)
        get_article(connection, article_id)
        said = Feedback(
            rule_id=rule_id,
            article_id=article_id,
            reader=reader,
            is_relevant=is_relevant,
            note="",
            given_at=house.clock(),
        )
        keep_feedback(connection, said)
