"""`rasad outlets add` and `check` on every family of the simulated press, over real sockets."""

import asyncio
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from crawler.article import Article
from crawler.extract import extract
from crawler.fetch import Fetcher, FetchSettings
from crawler.names import NameDirectory
from crawler.outlets import Outlet, WayKind, load_outlet, load_outlets
from crawler.pacing import Pacing
from crawler.page import Page
from crawler.robots import RobotsCache
from crawler.survey import Survey, survey
from crawler.visitor import Visitor
from service.demo.cast import Member, Trouble, load_cast
from service.demo.press import Press
from tests.service.conftest import Command
from tests.service.copied import utc_now

FINE = tuple(one for one in load_cast() if one.trouble in {Trouble.NONE, Trouble.SLOW})
ADD = ("outlets", "add", "--allow-private", "127.0.0.1/32")
FAMILIES = {one.family: one for one in reversed(FINE)}
#: What the draft of a family finds beside the feed without being told where to look.
BESIDE = {
    "wordpress": {WayKind.WORDPRESS},
    "jannah": {WayKind.WORDPRESS},
    "ap-single": {WayKind.WORDPRESS},
}


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Press, Path]]:
    with Press(now=utc_now()) as press:
        folder = press.outlet_directory(tmp_path_factory.mktemp("press") / "outlets")
        yield press, folder


def surveyed(press: Press, manner: Outlet) -> tuple[Survey, int]:
    """Survey a site knowing nothing but its address; return with the count of requests."""
    outlet_id = manner.id
    known = {
        "id": outlet_id,
        "name": manner.name,
        "aliases": list(manner.aliases),
        "allow_private": list(manner.allow_private),
    }

    async def look() -> tuple[Survey, int]:
        async with Fetcher(FetchSettings()) as fetcher:
            visitor = Visitor(manner, fetcher, robots=RobotsCache(), pacing=Pacing())
            found = await survey(press.origin(outlet_id) + "/", visitor, now=utc_now(), known=known)
            assert isinstance(found, Survey)
            return found, visitor.requests

    return asyncio.run(look())


def read(found: Survey, outlet: Outlet) -> Article:
    assert isinstance(found.page, Page)
    directory = NameDirectory.of([outlet])
    said = extract(found.page, outlet, entry=found.sample, directory=directory, now=utc_now())
    assert isinstance(said, Article)
    return said


@pytest.mark.parametrize("member", FAMILIES.values(), ids=FAMILIES)
def test_every_family_is_recognised_and_its_draft_reads_what_its_own_file_reads(
    press: tuple[Press, Path], member: Member
) -> None:
    played, folder = press
    own = load_outlet(folder / f"{member.id}.toml")
    found, requests = surveyed(played, own)
    assert found.profile == member.profile
    assert bool(found.evidence) == (member.profile != "generic")
    kinds = {way.kind for way in found.outlet.ways_in}
    assert BESIDE.get(member.family, {WayKind.SITEMAP}) <= kinds
    feeds = [way.url for way in found.outlet.ways_in if way.kind is WayKind.FEED]
    assert feeds == [played.origin(member.id) + member.feed_path]
    assert requests <= 14
    draft, wanted = read(found, found.outlet), read(found, own)
    assert draft.missing == wanted.missing
    assert draft.canonical_url == wanted.canonical_url
    assert draft.title == wanted.title
    assert draft.body == wanted.body
    assert draft.published is not None
    assert wanted.published is not None
    assert draft.published.at == wanted.published.at
    if member.profile != "generic":
        assert draft == wanted


def test_every_profile_that_ships_is_held_by_an_outlet_of_the_press() -> None:
    profiles = {one.profile for one in FAMILIES.values()}
    assert profiles == {
        "aasaam",
        "aspnet-portal",
        "drupal",
        "generic",
        "incsys",
        "iransamaneh",
        "joomla",
        "nastooh",
        "studiokhabar",
        "tasnim",
        "wordpress",
    }


@pytest.fixture
def rasad(
    press: tuple[Press, Path],
    tmp_path: Path,
    command: Command,
) -> Command:
    """Run `rasad` on an installation that reads the press; return exit code, output, errors."""
    settings = tmp_path / "rasad.toml"
    settings.write_text(
        f"data_folder = '{tmp_path / 'data'}'\n[crawl]\nshipped_catalogue = false\n"
        f"outlet_folders = ['{press[1]}']\n",
        encoding="utf-8",
    )
    return partial(command, settings=str(settings))


def test_a_site_is_added_in_one_command_and_its_file_can_be_read_at_once(
    press: tuple[Press, Path], tmp_path: Path, rasad: Command
) -> None:
    into = tmp_path / "added"
    address = press[0].origin("kavirpress") + "/"
    words = (*ADD, address, "--id", "kavir", "--name", "کویر", "--into", str(into))
    code, out, _ = rasad(*words)
    assert code == 0
    assert "profile nastooh: meta[name='generator']" in out
    assert all(name in out for name in ("kicker", "lead", "body", "published", "section", "tags"))
    (added,) = load_outlets(into).values()
    assert (added.id, added.name, added.profile.name) == ("kavir", "کویر", "nastooh")
    assert tomllib.loads((into / "kavir.toml").read_text(encoding="utf-8"))["ways_in"]
    code, _, err = rasad(*words)
    assert code == 1
    assert "exists already" in err


def test_a_site_at_a_private_address_is_not_asked_unless_it_is_allowed(
    press: tuple[Press, Path], rasad: Command
) -> None:
    asked = len(press[0].asked)
    code, out, _ = rasad("outlets", "add", press[0].origin("kavirpress") + "/")
    assert code == 1
    assert "forbidden address" in out
    assert len(press[0].asked) == asked


@pytest.mark.parametrize("address", ["kerman", "ftp://kerman.example/", "http://"])
def test_what_is_no_address_is_told(rasad: Command, address: str) -> None:
    code, _, err = rasad("outlets", "add", address)
    assert code == 1
    assert "must be an address beginning with http:// or https://" in err


def test_a_dry_run_writes_nothing(
    press: tuple[Press, Path], tmp_path: Path, rasad: Command
) -> None:
    address = press[0].origin("ofoghkerman") + "/"
    code, out, _ = rasad(*ADD, address, "--dry-run", "--into", str(tmp_path / "a"))
    assert code == 0
    assert 'profile = "iransamaneh"' in out
    assert not (tmp_path / "a").exists()


def test_a_site_that_cannot_be_read_is_told(press: tuple[Press, Path], rasad: Command) -> None:
    code, out, _ = rasad(*ADD, press[0].origin("neginkavir") + "/")
    assert code == 1
    assert "refuses connections" in out


def test_outlets_that_are_as_their_files_say_pass_the_check(
    rasad: Command,
) -> None:
    for member in FAMILIES.values():
        code, out, _ = rasad("outlets", "check", member.id)
        assert (code, f"{member.id}: as its file says" in out) == (0, True), out
        assert "extracted" in out


def test_a_check_says_in_words_what_changed(press: tuple[Press, Path], rasad: Command) -> None:
    folder = press[1]
    path = folder / "jonoubnama.toml"
    right = path.read_text(encoding="utf-8")
    wrong = right.replace('profile = "drupal"', 'profile = "joomla"').replace("/rss.xml", "/gone")
    path.write_text(wrong, encoding="utf-8")
    try:
        code, out, _ = rasad("outlets", "check", "jonoubnama")
    finally:
        path.write_text(right, encoding="utf-8")
    assert code == 1
    assert "its family looks like drupal, its file says joomla" in out
    assert "a way in of its file does not work" in out
    assert "404" in out


def test_a_check_of_all_outlets_names_those_in_trouble(
    rasad: Command,
) -> None:
    code, out, _ = rasad("outlets", "check")
    lines = dict(line.split(": ", 1) for line in out.splitlines() if ": " in line)
    assert code == 1
    assert "refuses connections" in lines["neginkavir"]
    assert "challenge" in lines["sabanews"]
    assert "HTML" in lines["peykebam"] or "feed" in lines["peykebam"]
    assert lines["nazirkerman"] == "as its file says"
