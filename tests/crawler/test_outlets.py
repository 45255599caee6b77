from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from crawler.errors import CatalogueError
from crawler.identity import belongs
from crawler.outlets import (
    Access,
    Interval,
    Outlet,
    Role,
    WayKind,
    load_outlet,
    load_outlets,
    outlet_from,
)

GOOD = """
id = "nazir"
name = "نذیر"
name_en = "Nazir"
homepage = "http://nazir.example:8080/"
role = "local"
town = "کرمان"
profile = "wordpress"
aliases = ["نذیر کرمان"]
access = "geo_blocked"
allow_private = ["127.0.0.1", "fd00::/8"]
[politeness]
pause_seconds = 0.5
[interval]
min_minutes = 3
max_minutes = 60
[place_filter]
words = ["کرمان"]
[[ways_in]]
kind = "feed"
url = "http://nazir.example:8080/feed/"
naive_zone = "UTC"
[overrides.fields]
kicker = [".rotitr"]
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str, name: str = "nazir.toml") -> list[str]:
    write(folder, name, text)
    with pytest.raises(CatalogueError) as caught:
        load_outlets(folder)
    assert all(str(folder) in line for line in caught.value.problems)
    assert caught.value.permanent
    return [line.split(": ", 1)[1] for line in caught.value.problems]


def test_a_file_becomes_an_outlet_with_its_profile_resolved(tmp_path: Path) -> None:
    found = load_outlet(write(tmp_path, "nazir.toml", GOOD))
    assert found.role is Role.LOCAL
    assert found.access is Access.GEO_BLOCKED
    assert found.host == "nazir.example:8080"
    assert found.independence == "nazir"
    assert found.ways_in[0].kind is WayKind.FEED
    assert found.profile.name == "wordpress"
    assert [str(extractor) for extractor in found.profile.fields.kicker] == [".rotitr"]
    assert found.interval.shortest == timedelta(minutes=3)
    assert found.interval.longest == timedelta(hours=1)
    assert found.verified_at is None
    assert found.tls_verify


def test_a_group_is_one_voice(tmp_path: Path) -> None:
    text = GOOD.replace('town = "کرمان"', 'group = "irib"')
    assert load_outlet(write(tmp_path, "nazir.toml", text)).independence == "irib"


def test_the_longest_interval_is_never_below_the_shortest() -> None:
    assert Interval(min_minutes=90, max_minutes=60).longest == timedelta(minutes=90)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('role = "local"', "", "role: is missing"),
        (
            'role = "local"',
            'role = "lokal"',
            "role: 'lokal' is not allowed (did you mean 'local'?); allowed: local, agency, ",
        ),
        ('town = "', 'twon = "', "twon: unknown key (did you mean 'town'?)"),
        ("pause_seconds", "pause_second", "politeness.pause_second: unknown key"),
        ('kind = "feed"', 'kind = "rss"', "ways_in[1].kind: 'rss' is not allowed"),
        ('"UTC"', '"Kerman"', "ways_in[1].naive_zone: must be a time zone such as"),
        ('"UTC"', '"../x"', "ways_in[1].naive_zone: must be a time zone such as"),
        ("/feed/", "/{day}/", "ways_in[1].url: holds {day}; known places are {d}, {jd}, {jm}"),
        ("naive_zone", "zone", "ways_in[1].zone: unknown key"),
        ("words =", "worts =", "place_filter.worts: unknown key (did you mean 'words'?)"),
        ("min_minutes = 3", "min_minutes = 0", "interval.min_minutes: "),
        ("http://nazir.example:8080/feed/", "/feed/", "ways_in[1].url: must be an address"),
        ('"127.0.0.1"', '"localhost"', "allow_private[1]: must be an address or network"),
        ('id = "nazir"', 'id = "Nazir X"', "id: "),
        ('id = "nazir"', 'id = "other"', "id: is 'other'; the file must be other.toml"),
        (
            'profile = "wordpress"',
            'profile = "wordpres"',
            "profile: no profile is named 'wordpres' (did you mean 'wordpress'?)",
        ),
        ('profile = "wordpress"', "profile = 7", "profile: must be the name of a profile"),
        ("kicker =", "kickr =", "overrides: fields.kickr: unknown key (did you mean 'kicker'?)"),
        ('[".rotitr"]', '["p["]', "overrides: fields.kicker[1]: "),
        ("aliases = [", "hosts = ['Bad Host', ", "hosts[1]: must be a bare lower-case host name"),
    ],
)
def test_a_wrong_file_is_told_by_file_key_and_reason(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in GOOD
    lines = problems(tmp_path, GOOD.replace(old, new, 1))
    assert [line for line in lines if line.startswith(expected)], lines


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", "id = ")
    write(tmp_path, "b.toml", "colour = 1")
    lines = problems(tmp_path, GOOD.replace("local", "lokal"))
    assert len(lines) >= 8
    assert any("is not TOML" in line for line in lines)
    assert any(line.startswith("colour: unknown key (known: ") for line in lines)


def test_overrides_that_are_no_table_are_told(tmp_path: Path) -> None:
    text = GOOD.split("[overrides", 1)[0].replace("town =", "overrides = 3\ntown =")
    assert problems(tmp_path, text) == ["overrides: must be a table, found 3"]


def test_two_outlets_may_not_share_a_host(tmp_path: Path) -> None:
    write(tmp_path, "nazir.toml", GOOD)
    write(tmp_path, "other.toml", GOOD.replace('"nazir"', '"other"'))
    with pytest.raises(CatalogueError, match=r"nazir\.example:8080 already belongs to nazir"):
        load_outlets(tmp_path)


def test_a_later_folder_replaces_an_outlet_of_an_earlier_one(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    first.mkdir()
    second.mkdir()
    write(first, "nazir.toml", GOOD)
    write(second, "nazir.toml", GOOD.replace("Nazir", "Newer"))
    assert load_outlets(first, second)["nazir"].name_en == "Newer"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="is no directory"):
        load_outlets(tmp_path / "none")


def test_unreadable_and_mis_encoded_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="cannot be read: No such file"):
        load_outlet(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b'name = "\xe3"')
    with pytest.raises(CatalogueError, match="is not UTF-8 at byte 8"):
        load_outlet(tmp_path / "bad.toml")


def test_an_outlet_without_a_profile_is_read_by_the_generic_one() -> None:
    table = {"id": "ab", "name": "آ", "name_en": "A", "homepage": "https://a.ir", "role": "local"}
    assert outlet_from(table, place="x").profile.name == "generic"


@cache
def shipped() -> dict[str, Outlet]:
    return load_outlets()


def test_the_shipped_catalogue_holds_the_press_of_kerman() -> None:
    outlets = shipped()
    assert len(outlets) >= 50
    assert set(Role) == {outlet.role for outlet in outlets.values()}


SEEN = """
aqtakhabar.ir akharinkhabar.ir armanekerman.ir asemanbardsir.ir bardashtrooz.ir botianews.ir
donyayemadan.com eghtesaad24.ir eghtesadkerman.ir fardayekerman.ir farsnews.ir
felezatkhavarmianeh.ir felezatonline.ir firozehkavir.ir ghatreh.com goftareno.ir
goldashtkerman.ir hamshahrionline.ir ilna.ir imereport.ir imidro.gov.ir iribnews.ir irna.ir
isna.ir jahaneghtesad.com k-vatan.ir kargarankerman.ir kerman-online.ir kermaneno.ir
kermanrasad.ir kerman.isipo.ir khabaronline.ir khanehkheshti.com konarsandal.ir kr.ir
madanbidar.ir madannews.ir me-metals.ir mehrnews.com minews.ir mojnews.com mtn.ir nasimsaba.ir
nazirkerman.ir pasargadnews.ir payamema.ir rafnews.ir rourasti.ir rouz.news sahebkhabar.ir
sazeshkhabar.ir shomanews.com sirjankhabar.com sirjannews.ir sirjanrouydad.ir snn.ir
soudkerman.ir tabnakkerman.ir tasnimnews.ir tejaratava.ir tejaratgardan.ir titr.online
toluearg.ir toluekerman.ir vazeh.com vista.ir yazdankerman.ir yjc.ir
"""
DOMAINS = SEEN.split()


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_outlet_of_the_press_of_kerman_has_a_file(domain: str) -> None:
    url = f"https://www.{domain}/news/12345"
    assert [one.id for one in shipped().values() if belongs(url, outlet=one)] != []


def test_no_shipped_outlet_claims_to_be_verified_or_opens_private_addresses() -> None:
    for found in shipped().values():
        assert found.verified_at is None
        assert not found.allow_private
        assert found.tls_verify


def test_every_shipped_outlet_has_a_way_in_that_a_visit_reads() -> None:
    for found in shipped().values():
        assert [way for way in found.ways_in if not way.backfill_only], found.id


def test_every_national_source_is_filtered_by_place_and_names_whole_words() -> None:
    national = (Role.AGENCY, Role.REPUBLISHER, Role.AGGREGATOR)
    for found in shipped().values():
        if found.role in national:
            assert found.place_filter is not None, found.id
            assert "کرمان" in found.place_filter.words
