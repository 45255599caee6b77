"""/metrics, and that the dashboard and the alert rules ask for metrics that exist."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # a test's reader of a file of ours
from hypothesis import given
from hypothesis import strategies as st

from service.metrics import CONTENT_TYPE, HELP, Sample, written
from service.web.accounts import Accounts, Scope
from service.web.app import create_app
from storage.database import Database
from tests.service.browser import Browser
from tests.service.conftest import Played

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "docs" / "deploy" / "grafana-dashboard.json"
ALERTS = ROOT / "docs" / "deploy" / "prometheus-alerts.yml"
DOC = ROOT / "docs" / "operate.md"
LINE = re.compile(r'(\w+)(?:\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\})? (\S+)')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
NAME = re.compile(r"\brasad_[a-z_]+\b")

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


def figures(text: str) -> Figures:
    """Read the exposition format, strictly."""
    found: Figures = {}
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith(("# HELP ", "# TYPE ")):
            continue
        fits = LINE.fullmatch(line)
        assert fits, line
        key = fits[1], frozenset((name, value) for name, value in LABEL.findall(fits[2] or ""))
        assert key not in found, line
        found[key] = float(fits[3])
    return found


def figure(text: str, name: str, **labels: str) -> float:
    return figures(text)[name, frozenset(labels.items())]


@pytest.fixture
def told(played: Played) -> str:
    answer = Browser(create_app(played.house)).get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == CONTENT_TYPE
    return answer.text


def test_what_the_demo_did_can_be_read_from_the_metrics(told: str, played: Played) -> None:
    reports = played.reports.values()
    new = sum(one.new for one in reports)
    visits = [
        value for (name, _), value in figures(told).items() if name == "rasad_visits_last_day"
    ]
    assert figure(told, "rasad_articles_last_day") == new
    at_arrival = sum(one.copies for one in reports)
    assert at_arrival <= figure(told, "rasad_copies_last_day") < new, "re-rooting makes more"
    assert sum(visits) == len(played.reports)
    assert figure(told, "rasad_matches_last_day", topic="copper") > 0
    assert figure(told, "rasad_deliveries_last_day", state="sent") > 10
    assert figure(told, "rasad_deliveries_open", state="owed") == 0
    assert 0 < figure(told, "rasad_outlet_last_success_age_seconds", outlet="nazirkerman") < 3600


def test_every_metric_is_told_with_its_help_and_type(told: str) -> None:
    names = {name for name, _ in figures(told)}
    assert names == HELP.keys()
    for name in names:
        assert f"# HELP {name} {HELP[name]}\n# TYPE {name} gauge\n" in told


def test_the_samples_of_a_metric_stand_together(told: str) -> None:
    assert told.count("# TYPE ") == len({name for name, _ in figures(told)})


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.just("\n")))
def test_any_label_can_be_written_and_read_back(value: str) -> None:
    text = written([Sample(name="rasad_info", value=1.5, labels={"version": value})])
    ((_, labels),) = figures(text)
    ((_, read),) = labels
    unescaped = re.sub(r"\\(.)", lambda fit: "\n" if fit[1] == "n" else fit[1], read)
    assert unescaped == value


def test_elsewhere_than_on_a_private_loopback_a_readers_token_is_asked_for(
    played: Played, tmp_path: Path
) -> None:
    web_settings = played.house.settings.web.model_copy(update={"public_url": "https://r.example"})
    settings = played.house.settings.model_copy(
        update={"web": web_settings, "data_folder": tmp_path}
    )
    web = Browser(create_app(replace(played.house, settings=settings)), base="https://r.example")
    assert web.get("/metrics").status_code == 401
    scopes = frozenset({Scope.EXPORT})
    token = Accounts(tmp_path).issue("prometheus", scopes, now=played.house.clock())
    answer = web.get("/metrics", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert "rasad_articles_last_day" in answer.text


def test_without_an_archive_the_answer_is_503_not_zeros(played: Played, tmp_path: Path) -> None:
    away = Database.open(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    web = Browser(create_app(replace(played.house, database=away)))
    assert web.get("/metrics").status_code == 503
    away.close()


def test_the_dashboard_asks_only_for_metrics_that_exist() -> None:
    asked = set(_asked(json.loads(DASHBOARD.read_text("utf-8")), "expr"))
    assert len(asked) >= 8
    _assert_known(asked)


def test_the_alert_rules_ask_only_for_metrics_that_exist() -> None:
    groups = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    headings = re.findall(r"^#+ (.+)$", DOC.read_text("utf-8"), re.MULTILINE)
    assert len(rules) >= 6
    _assert_known({rule["expr"] for rule in rules})
    for rule in rules:
        assert rule["for"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"].keys() == {"summary", "description"}
        assert _named_section(rule["annotations"]["description"]) in headings, rule["alert"]


def test_every_metric_stands_in_the_guide() -> None:
    guide = DOC.read_text("utf-8")
    assert set(NAME.findall(guide)) == set(HELP)
    for name, said in HELP.items():
        assert f"| `{name}` | {said} |" in guide


def _named_section(description: str) -> str:
    fits = re.search(r'See "([^"]+)" in docs/operate\.md', description)
    assert fits, description
    return fits[1]


def _asked(value: Any, key: str) -> Iterator[str]:
    match value:
        case dict():
            for name, inner in value.items():
                if name == key:
                    yield inner
                else:
                    yield from _asked(inner, key)
        case list():
            for inner in value:
                yield from _asked(inner, key)


def _assert_known(expressions: set[str]) -> None:
    for expression in expressions:
        names = set(NAME.findall(expression))
        assert names or expression.startswith("up{"), expression
        assert names <= HELP.keys(), expression
