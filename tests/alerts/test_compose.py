"""An article becomes an alert: its words, the rules followed, the sentence that says most."""

from dataclasses import replace

from alerts.compose import compose_alert
from alerts.match import Match
from alerts.message import Name
from crawler.article import Trust
from storage.evaluate import Hit
from tests.alerts.news import BODY, COPPER, NOW, SME, article, facts


def hit(field: str, text: str, word: str) -> Hit:
    start = text.index(word)
    return Hit(term=word, field=field, start=start, end=start + len(word), printed=word)


def fired(*hits: Hit) -> Match:
    return Match(rule_id="copper", score=1.0, reasons=(), locate=lambda: hits)


def test_only_rules_that_are_followed_are_named_the_strongest_first() -> None:
    both = compose_alert(article(), [SME, COPPER], facts(), rule_ids={"copper", "sme"})
    one = compose_alert(article(), [SME, COPPER], facts(), rule_ids={"sme"})
    assert [rule.rule_id for rule in both.rules] == ["copper", "sme"]
    assert [rule.name.fa for rule in one.rules] == ["صنایع کوچک"]


def test_the_field_whose_sentence_says_most_is_quoted() -> None:
    lead = "کاتد و کنسانتره گران شد."
    said = replace(article(), lead=lead)
    words = (hit("body", BODY, "کاتد"), hit("lead", lead, "کاتد"), hit("lead", lead, "کنسانتره"))
    [rule] = compose_alert(said, [fired(*words)], facts(), rule_ids={"copper"}).rules
    assert [span.text for span in rule.sentence if span.marked] == ["کاتد", "کنسانتره"]
    equal = (hit("body", BODY, "کاتد"), hit("lead", lead, "کاتد"))
    [rule] = compose_alert(said, [fired(*equal)], facts(), rule_ids={"copper"}).rules
    assert "".join(span.text for span in rule.sentence).startswith("مدیر مجتمع")


def test_a_word_of_a_label_has_no_sentence() -> None:
    tag = Hit(term="مس", field="tag", start=0, end=2, printed="مس")
    [rule] = compose_alert(article(), [fired(tag)], facts(), rule_ids={"copper"}).rules
    assert rule.sentence == ()
    assert rule.terms == ("مس",)


def test_a_doubtful_date_is_no_date() -> None:
    doubtful = article()
    assert doubtful.published is not None
    claim = replace(doubtful.published, trust=Trust.DOUBTFUL)
    told = compose_alert(replace(doubtful, published=claim), [COPPER], facts(), rule_ids={"copper"})
    assert told.published_at is None
    assert told.found_at == NOW


def test_without_a_lead_the_first_paragraph_leads_and_unknown_names_show_their_id() -> None:
    bare = replace(article(), lead=None)
    nameless = replace(facts(), outlet_names={}, rule_names={})
    told = compose_alert(bare, [COPPER], nameless, rule_ids={"copper"})
    assert told.lead == BODY
    assert told.outlet == Name(fa="farda")
    assert told.rules[0].name == Name(fa="copper")
    empty = replace(bare, blocks=())
    assert compose_alert(empty, [], nameless, rule_ids=set()).lead is None
