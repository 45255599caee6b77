"""The directory of names that credits print."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.errors import CatalogueError
from crawler.known_names import SHIPPED, load_names
from crawler.names import NameDirectory, OwnNames, Resolved
from crawler.outlets import load_outlets
from tests.crawler.presses import ARMAN, DIRECTORY, ISNA, NAZIR, Paper


def test_a_name_resolves_in_every_spelling() -> None:
    spellings = ["نذیر کرمان", "نذیرکرمان", "نذير كرمان", "نذیـر‌کرمان", "«نذیر کرمان»"]
    found = {spelling: DIRECTORY.resolve(spelling) for spelling in spellings}
    assert found == dict.fromkeys(spellings, Resolved(outlet_id="nazirkerman"))


def test_a_body_resolves_to_its_one_name() -> None:
    for alias in ("استانداری کرمان", "استانداری استان كرمان"):
        assert DIRECTORY.resolve(alias) == Resolved(body="استانداری کرمان")


def test_press_without_an_outlet_is_known_and_unmapped() -> None:
    assert DIRECTORY.resolve("رسالت") == Resolved()
    assert DIRECTORY.resolve("هیچ‌نامه") is None


def test_a_name_claimed_by_two_outlets_resolves_to_neither() -> None:
    twin = Paper("arman-meli", "آرمان ملی", "https://arman-meli.ir", ("آرمان",))
    directory = NameDirectory.of((ARMAN, twin))
    assert directory.resolve("آرمان") == Resolved()
    assert set(directory.contested.values()) == {frozenset({"armanekerman", "arman-meli"})}
    assert directory.resolve("آرمان ملی") == Resolved(outlet_id="arman-meli")


def test_an_outlets_full_name_outweighs_anothers_alias() -> None:
    other = Paper("gulf", "خلیج فارس", "https://gulf.ir", ("ایسنا",))
    assert NameDirectory.of((other, ISNA)).resolve("ایسنا") == Resolved(outlet_id="isna")


def test_an_address_belongs_to_the_outlet_of_its_host() -> None:
    assert DIRECTORY.outlet_at("https://www.irna.ir/news/1") == "irna"
    assert DIRECTORY.outlet_at("www.armanekerman.ir/1") == "armanekerman"
    assert DIRECTORY.outlet_at("kerman.isna.ir") == "isna"
    assert DIRECTORY.outlet_at("https://fakeirna.ir/") is None
    assert DIRECTORY.outlet_at("http://[broken") is None
    assert DIRECTORY.outlet_at("") is None


def test_an_outlet_of_the_catalogue_answers_to_all_its_hosts_and_its_english_name() -> None:
    @dataclass(frozen=True)
    class Catalogued(Paper):
        hosts: tuple[str, ...] = ("old-isna.ir",)
        name_en: str = "ISNA"

    isna = Catalogued("isna", "ایسنا", "https://www.isna.ir")
    directory = NameDirectory.of((isna,))
    assert directory.outlet_at("http://www.old-isna.ir/1") == "isna"
    assert directory.resolve("Isna") == Resolved(outlet_id="isna")
    assert "isna" in OwnNames.of(isna).names


def test_an_outlet_knows_its_own_names() -> None:
    own = OwnNames.of(NAZIR)
    assert own.outlet_id == "nazirkerman"
    assert own.names == {"نذیرکرمان"}


def test_every_outlet_of_the_catalogue_resolves_by_its_name() -> None:
    outlets = load_outlets()
    directory = NameDirectory.of(outlets.values())
    found = {outlet.id: directory.resolve(outlet.name) for outlet in outlets.values()}
    assert found == {name: Resolved(outlet_id=name) for name in outlets}


def test_the_shipped_names_load() -> None:
    known = load_names(SHIPPED)
    assert "رسالت" in known.press
    assert "اداره" in known.institutions
    assert known.body_by_letters["ملیمس"] == "شرکت ملی صنایع مس ایران"


def test_an_operators_file_adds_to_the_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "names.toml"
    path.write_text(
        'press = ["گلزار"]\n[[bodies]]\nname = "خانه معدن"\naliases = ["استانداری کرمان"]\n',
        encoding="utf-8",
    )
    directory = NameDirectory.of((), names=(SHIPPED, path))
    assert directory.resolve("گلزار") == directory.resolve("رسالت") == Resolved()
    assert directory.resolve("استانداری کرمان") == Resolved(body="خانه معدن")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('pres = ["گلزار"]', "pres: unknown key (did you mean 'press'?)"),
        ("[[bodies]]\naliases = []", "bodies[1].name: is missing"),
        ('press = ["x"]', "press[1]: "),
        ("press = [", "is not TOML"),
    ],
)
def test_a_broken_file_says_where_and_why(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "names.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        NameDirectory.of((), names=(path,))
    assert str(path) in str(caught.value)
    assert problem in str(caught.value)
