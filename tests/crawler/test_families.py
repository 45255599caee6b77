import json

import pytest

from crawler.families import recognise
from crawler.profiles import load_profile
from tests.crawler.golden import CASES, FOLDER

UNMARKED = {"challenge-arvan", "wordpress-not-found", "wordpress-redesigned"}
UNMARKED |= {"wordpress-jannah", "wordpress-ap-single", "wordpress-excerpt-only"}


@pytest.mark.parametrize("name", sorted(set(CASES) - UNMARKED))
def test_a_golden_page_is_recognised_as_its_family(name: str) -> None:
    meta = json.loads((FOLDER / name / "meta.json").read_text(encoding="utf-8"))
    page = (FOLDER / name / "page.html").read_bytes()
    assert recognise(page, meta.get("charset")) == meta["profile"]


def test_a_page_without_fingerprints_is_generic() -> None:
    assert recognise(b"<h1>x</h1><p>y</p>") == "generic"


def test_the_family_with_more_fingerprints_wins() -> None:
    page = b'<link href="/wp-content/x.css"><meta name="generator" content="www.nastooh.ir">'
    both = [load_profile("wordpress"), load_profile("nastooh")]
    assert recognise(page + b'<meta property="nastooh:nid">', profiles=both) == "nastooh"
    assert recognise(b"", profiles=both) == "generic"
