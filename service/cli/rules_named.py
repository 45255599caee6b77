"""Read what somebody typed for a rule: a topic, a saved rule (or a version of it), a query."""

import re
from difflib import get_close_matches
from typing import Final

import click

from alerts.rules import Rule, parse_rule
from service.errors import QuestionError, UnknownNameError
from service.house import House
from storage.query_error import QueryError
from storage.rules import find_rule, list_rules, versions_of

#: What an id looks like; a word of a query seldom does, for news is Persian.
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:@[0-9]{1,6})?")


#: How alike two ids are before one is taken for the other: «sme» is not «lme».
_LIKE: Final = 0.75


def named_rule(house: House, text: str) -> Rule:
    """Return the topic or saved rule of this id; UnknownNameError when there is none."""
    found = _standing(house, text)
    if found is None:
        raise UnknownNameError(f"no topic or rule is named {text!r}; `rasad rules` lists them")
    return found


def rule_or_query(house: House, text: str) -> Rule:
    """Return the topic or saved rule of this id (`id@2`: its second version), else read a query.

    What looks like a misspelt id is refused; any other lone Latin word is tried, and said so.
    """
    found = _standing(house, text)
    if found is not None:
        return found
    if _ID.fullmatch(text):
        _doubt(house, text)
    return parsed(house, "query", text)


def parsed(house: House, rule_id: str, query: str) -> Rule:
    """Read a query as a rule; QuestionError shows the place with a caret."""
    try:
        return parse_rule(rule_id, query, now=house.clock())
    except QueryError as error:
        raise QuestionError(error.caret()) from None


def _standing(house: House, text: str) -> Rule | None:
    topic = house.rulebook.topics.get(text)
    if topic is not None:
        return topic.rule
    rule_id, _, version = text.partition("@")
    with house.database.read() as connection:
        saved = find_rule(connection, rule_id)
        versions = versions_of(connection, rule_id) if version.isdecimal() else ()
    if saved is None or not version:
        return None if saved is None else parsed(house, saved.id, saved.query)
    for one in versions:
        if one.version == int(version):
            return parsed(house, saved.id, one.query)
    raise UnknownNameError(f"{rule_id!r} has no version {version!r}; see `rasad rules versions`")


def _doubt(house: House, text: str) -> None:
    with house.database.read() as connection:
        known = [*house.rulebook.topics, *(one.id for one in list_rules(connection))]
    near = get_close_matches(text, known, n=1, cutoff=_LIKE)
    if not near and text.isalnum():
        click.echo(f"no topic or rule is named {text!r}; trying it as a query", err=True)
        return
    meant = f"; did you mean {near[0]!r}?" if near else "; `rasad rules` lists them."
    raise UnknownNameError(
        f"no topic or rule is named {text!r}{meant} To try it as a query, write '\"{text}\"'"
    )
