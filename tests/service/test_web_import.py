"""The page to import a collection: received straight onto the disk, taken in behind the page."""

import asyncio
import json
import re
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from fastapi import Request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.house import House
from service.web.app import create_app
from service.web.forms import Form
from service.web.import_stage import Stage
from service.web.imports import Imports
from service.web.refusal import BadFormError, StaleFormError, TooLargeError
from service.web.uploads import Upload, receive
from storage.errors import UnknownRecordError
from tests.service.browser import Browser
from tests.service.conftest import Played
from tests.service.copied import copied

LINE = json.dumps(
    {
        "outlet_id": "armanekerman",
        "url": "https://arman.example/old/9",
        "title": "نشست معدن‌داران در سیرجان",
        "body": "معدن‌داران سیرجان گرد هم آمدند.",
    },
    ensure_ascii=False,
)
BOUNDARY = "----form"


@pytest.fixture
def house(played: Played, tmp_path: Path) -> Iterator[House]:
    with copied(played, tmp_path / "imported") as house:
        yield house


def multipart(content: bytes, *, sealed: str = "t", name: str = "old.jsonl") -> bytes:
    return b"\r\n".join(
        [
            b"--" + BOUNDARY.encode(),
            b'Content-Disposition: form-data; name="csrf"',
            b"",
            sealed.encode(),
            b"--" + BOUNDARY.encode(),
            f'Content-Disposition: form-data; name="file"; filename="{name}"'.encode(),
            b"Content-Type: application/octet-stream",
            b"",
            content,
            b"--" + BOUNDARY.encode() + b"--",
            b"",
        ]
    )


def received(
    body: bytes, into: Path, *, cuts: tuple[int, ...] = (), most: int = 10_000
) -> tuple[Upload, Form]:
    """Receive a body that comes in pieces."""
    places = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    pieces = [body[start:end] for start, end in pairwise(places)]
    forms: list[Form] = []

    async def hear() -> dict[str, object]:
        piece = pieces.pop(0) if pieces else b""
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    scope = {
        "type": "http",
        "method": "POST",
        "headers": [(b"content-type", f"multipart/form-data; boundary={BOUNDARY}".encode())],
    }
    request = Request(scope, hear)
    upload = asyncio.run(receive(request, into, accept=forms.append, most=most))
    return upload, forms[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.one_of(
        st.binary(min_size=1, max_size=300),
        st.lists(st.sampled_from([b"\r\n", b"--", b"----for", b"\r", b"x"]), min_size=1).map(
            b"".join
        ),
    ),
    cuts=st.lists(st.integers(0, 600), max_size=6).map(tuple),
)
def test_a_file_arrives_as_it_was_however_it_is_cut(
    tmp_path: Path, content: bytes, cuts: tuple[int, ...]
) -> None:
    upload, form = received(multipart(content), tmp_path / "file", cuts=cuts)
    assert (tmp_path / "file").read_bytes() == content
    assert (upload.name, upload.size_bytes) == ("old.jsonl", len(content))
    assert form.text("csrf") == "t"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (multipart(b"x" * 20_000), TooLargeError),
        (multipart(b""), BadFormError),
        (multipart(b"abc")[:-40], BadFormError),
        (b"no form at all", BadFormError),
        (b"--" + BOUNDARY.encode() + b"--\r\n", BadFormError),
        (multipart(b"abc", sealed="t" * 20_000), BadFormError),
        (b"--" + BOUNDARY.encode() + b"\r\n" + b"h" * 20_000, BadFormError),
        ((multipart(b"")[:-4] + b"\r\n").replace(b' filename="old.jsonl"', b"") * 20, BadFormError),
    ],
)
def test_what_is_no_upload_leaves_nothing(
    tmp_path: Path, body: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        received(body, tmp_path / "file")
    assert not (tmp_path / "file").exists()


def test_a_path_in_the_name_of_a_file_is_no_path_of_ours(tmp_path: Path) -> None:
    upload, _ = received(multipart(b"x", name="..\\../etc/old.jsonl"), tmp_path / "file")
    assert upload.name == "old.jsonl"


def test_nothing_is_written_for_a_sender_who_may_not(tmp_path: Path) -> None:
    def refuse(form: Form) -> None:
        raise StaleFormError(form.text("csrf"))

    async def hear() -> dict[str, object]:
        return {"type": "http.request", "body": multipart(b"x"), "more_body": False}

    content_type = (b"content-type", f"multipart/form-data; boundary={BOUNDARY}".encode())
    request = Request({"type": "http", "method": "POST", "headers": [content_type]}, hear)
    with pytest.raises(StaleFormError):
        asyncio.run(receive(request, tmp_path / "file", accept=refuse))
    assert not (tmp_path / "file").exists()


def send(web: Browser, content: bytes) -> httpx.Response:
    token = re.search(r'name="csrf" value="([^"]+)"', web.get("/import").text)
    assert token
    answer = web.ask(
        "POST",
        "/import",
        data={"csrf": token[1]},
        files={"file": ("old.jsonl", content, "application/octet-stream")},
    )
    while answer.is_redirect:
        answer = web.get(answer.headers["location"])
    return answer


def ended(web: Browser, address: str) -> str:
    """Look again and again, as a person would, until the import has ended."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        page = web.get(address).text
        if "ببینم تا کجا رسیده" not in page:
            return page
        time.sleep(0.05)
    raise AssertionError("the import did not end")


def test_a_collection_is_sent_followed_and_counted(house: House) -> None:
    web = Browser(create_app(house))
    answer = send(web, f"{LINE}\n{{broken\n".encode())
    assert answer.status_code == 200
    page = ended(web, answer.url.path)
    assert "پایان یافت" in page
    assert re.search(r"تازه</dt><dd>۱<", page)
    assert re.search(r"کنار مانده</dt><dd>۱<", page)
    assert "JSON نیست" in page
    assert "old.jsonl" in web.get("/import").text
    assert "معدن‌داران" in web.get("/search?q=outlet:armanekerman معدن‌داران&every=1").text
    assert not list((house.settings.data_folder / "imports").glob("*.upload"))


def test_a_form_without_a_file_or_token_is_refused(house: House) -> None:
    web = Browser(create_app(house))
    assert send(web, b"").status_code == 422
    assert web.get("/import/none").status_code == 404
    assert web.get("/import/..%2Fusers").status_code == 404
    files = {"file": ("a", LINE.encode(), "text/plain")}
    assert web.ask("POST", "/import", data={"csrf": "forged"}, files=files).status_code == 403
    assert not (house.settings.data_folder / "imports").exists() or not list(
        (house.settings.data_folder / "imports").glob("*.json")
    )


def test_an_import_whose_process_stopped_is_told_as_broken_off(house: House) -> None:
    imports = Imports(house)
    import_id, place = imports.place()
    place.write_bytes(b"")
    imports.begin(import_id, Upload(name="old.jsonl", size_bytes=1), by_whom="sara")
    until = time.monotonic() + 20
    while imports.find(import_id).ended_at is None and time.monotonic() < until:
        time.sleep(0.02)
    file = house.settings.data_folder / "imports" / f"{import_id}.json"
    found = json.loads(file.read_text())
    file.write_text(json.dumps(found | {"ended_at": None, "stage": "running"}))
    assert Imports(house).find(import_id).stage is Stage.BROKEN_OFF
    assert "نیمه‌کاره ماند" in Browser(create_app(house)).get(f"/import/{import_id}").text
    with pytest.raises(UnknownRecordError):
        imports.find("../users")


def test_an_import_whose_file_is_gone_is_told_and_not_lost(house: House) -> None:
    imports = Imports(house)
    import_id, _ = imports.place()
    imports.begin(import_id, Upload(name="old.jsonl", size_bytes=1), by_whom="sara")
    until = time.monotonic() + 20
    while imports.find(import_id).ended_at is None and time.monotonic() < until:
        time.sleep(0.02)
    assert imports.find(import_id).stage is Stage.BROKEN_OFF
