"""What the documents tell receivers and operators is true: the code runs, the tables are whole."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.events import EVENTS
from alerts.retry import EMAIL, WEBHOOK
from alerts.webhook import TIME_LIMIT, new_secret, signed_headers
from storage.delivery import DeliveryState, Reason

DOCS = Path(__file__).parents[2] / "docs"
BODY = '{"type":"ping","data":{"note":"سلام"}}'.encode()
NODE = shutil.which("node")
RUNTIMES = ("python", "node") if NODE else ("python",)
RUN_PYTHON = """
import json, sys
case = json.load(sys.stdin)
print(json.dumps(verify(case["secret"], case["headers"], case["body"].encode())))
"""
RUN_NODE = """
const given = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(verify(given.secret, given.headers, Buffer.from(given.body))));
"""


def code(language: str) -> str:
    text = (DOCS / "webhooks.md").read_text("utf-8")
    [block] = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return str(block)


def verifies(runtime: str, secret: str, headers: dict[str, str], body: bytes) -> bool:
    given = json.dumps({"secret": secret, "headers": headers, "body": body.decode()})
    if runtime == "python":
        command = [sys.executable, "-c", code("python") + RUN_PYTHON]
    else:
        command = [NODE or "node", "-e", code("js") + RUN_NODE]
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, check=True, timeout=30
    )
    return bool(json.loads(done.stdout))


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_the_receivers_ten_lines_take_what_is_ours_and_nothing_else(runtime: str) -> None:
    secret, old, now = new_secret(), new_secret(), datetime.now(UTC)
    headers = signed_headers("dlv_1", BODY, [secret], now=now)
    rotated = signed_headers("dlv_1", BODY, [secret, old], now=now)
    assert verifies(runtime, secret, headers, BODY)
    assert verifies(runtime, secret, rotated, BODY)
    assert verifies(runtime, old, rotated, BODY)
    assert not verifies(runtime, old, headers, BODY)
    assert not verifies(runtime, secret, headers, BODY.replace(b"ping", b"pong"))
    assert not verifies(runtime, secret, headers | {"webhook-id": "dlv_2"}, BODY)
    late = signed_headers("dlv_1", BODY, [secret], now=now - timedelta(minutes=6))
    assert not verifies(runtime, secret, late, BODY)


def test_where_tests_are_the_judge_node_is_there() -> None:
    assert NODE is not None or "CI" not in os.environ, "install node: docs/webhooks.md promises it"


@pytest.mark.parametrize("language", ["python", "js"])
def test_the_receivers_code_has_about_ten_lines(language: str) -> None:
    lines = [line for line in code(language).splitlines() if line.strip()]
    assert len(lines) <= 10


def test_every_event_is_documented() -> None:
    text = (DOCS / "webhooks.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([a-z.]+)` \|", text, re.MULTILINE)) == set(EVENTS)


def test_every_state_and_reason_is_documented() -> None:
    text = (DOCS / "delivery.md").read_text("utf-8")
    named = set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))
    assert named == {one.value for one in (*DeliveryState, *Reason)}


def test_the_documented_schedules_are_the_ones_that_are_kept() -> None:
    webhooks = (DOCS / "webhooks.md").read_text("utf-8")
    hours = [int(delay / timedelta(hours=1)) for delay in WEBHOOK.delays[3:]]
    assert "5 seconds, 5 minutes, 30 minutes, 2, 5, 10, 14, 20 and 24 hours" in webhooks
    assert hours == [2, 5, 10, 14, 20, 24]
    assert f"within {TIME_LIMIT.total_seconds():g} seconds" in webhooks
    mail = " ".join((DOCS / "delivery.md").read_text("utf-8").split())
    assert "after 1, 6, 15 minutes, 1, 2, 4, 8, 16, 24 and 36 hours" in mail
    minutes = [int(delay / timedelta(minutes=1)) for delay in EMAIL.delays]
    assert minutes == [1, 6, 15, 60, 120, 240, 480, 960, 1440, 2160]
