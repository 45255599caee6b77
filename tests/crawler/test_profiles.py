from pathlib import Path

import pytest

from crawler.errors import CatalogueError
from crawler.extractors import Extractor, Where, parse_extractor
from crawler.profiles import load_profile, load_profiles, profile_names, resolve

SMALL = """
name = "small"
title = "a small family"
id_patterns = ['/n/(?P<id>\\d+)']
canonical_template = "{scheme}://{host}/n/{id}"
[fields]
title = ["h1.title", "meta:og:title", "jsonld:author.name", "img.main::attr(data-src)"]
body = [".text"]
[body]
drop = [".ad"]
[feed]
naive_zone = "UTC"
"""


def folder_with(tmp_path: Path, text: str, name: str = "small") -> Path:
    (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def problem(folder: Path, name: str = "small") -> str:
    with pytest.raises(CatalogueError) as caught:
        load_profile(name, folder)
    return str(caught.value)


def test_every_shipped_profile_loads_and_has_a_family_to_recognise_or_is_generic() -> None:
    loaded = load_profiles()
    assert tuple(loaded) == profile_names()
    assert all(profile.fingerprint or profile.name == "generic" for profile in loaded.values())


def test_extractors_say_where_a_field_stands(tmp_path: Path) -> None:
    profile = load_profile("small", folder_with(tmp_path, SMALL))
    assert profile.fields.title == (
        Extractor(where=Where.SELECTOR, query="h1.title"),
        Extractor(where=Where.META, query="og:title"),
        Extractor(where=Where.JSON_LD, query="author.name"),
        Extractor(where=Where.SELECTOR, query="img.main", attribute="data-src"),
    )
    assert profile.feed.naive_zone == "UTC"
    assert [str(each) for each in profile.fields.title][-1] == "img.main::attr(data-src)"
    assert all(parse_extractor(str(each)) == each for each in profile.fields.title)


def test_overrides_replace_key_by_key_and_leave_the_rest(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, SMALL)
    profile = resolve(
        "small", {"fields": {"title": ["h2"]}, "feed": {"guid_is_link": True}}, folder
    )
    assert [str(each) for each in profile.fields.title] == ["h2"]
    assert profile.fields.body == (".text",)
    assert (profile.feed.naive_zone, profile.feed.guid_is_link) == ("UTC", True)
    assert resolve("small", {}, folder) == load_profile("small", folder)


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("[fields]", "[feilds]", "small.toml: feilds: unknown key (did you mean 'fields'?)"),
        (
            'body = [".text"]',
            'bodie = [".text"]',
            "fields.bodie: unknown key (did you mean 'body'?)",
        ),
        ('".text"', '".text["', "fields.body[1]: is not a CSS selector; found '.text['"),
        ('"h1.title"', '""', "fields.title[1]: must be a CSS selector, meta:NAME"),
        ('"h1.title"', "7", "fields.title[1]: must be a CSS selector, meta:NAME"),
        ("(?P<id>", "(?P<id", "id_patterns[1]: is not a regular expression"),
        ("(?P<id>", "(?P<nid>", "id_patterns[1]: must hold a group named id"),
        ("/n/{id}", "/n/{nid}", "canonical_template: must hold {id}"),
        ('name = "small"', 'name = "other"', "name: is 'other' but the file says 'small'"),
        ('title = "a small family"', "", "small.toml: title: is missing"),
    ],
)
def test_a_wrong_profile_names_file_key_and_reason(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    assert complaint in problem(folder_with(tmp_path, SMALL.replace(before, after, 1)))


def test_a_profile_nobody_wrote_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(CatalogueError, match="did you mean 'wordpress'"):
        load_profile("wordpres")


def test_wrong_overrides_are_blamed_on_their_place(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, SMALL)
    with pytest.raises(CatalogueError, match=r"^nazir\.toml: fields\.leed: unknown key"):
        resolve("small", {"fields": {"leed": ["p"]}}, folder, place="nazir.toml")


def test_all_wrong_files_are_told_at_once(tmp_path: Path) -> None:
    folder_with(tmp_path, SMALL.replace("title", "titel"))
    folder = folder_with(tmp_path, "name = 3", "third")
    with pytest.raises(CatalogueError) as caught:
        load_profiles(folder)
    told = str(caught.value)
    assert "small.toml" in told
    assert "third.toml" in told
