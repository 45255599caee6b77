"""A small catalogue for the tests of credits."""

from dataclasses import dataclass

from crawler.names import NameDirectory, OwnNames


@dataclass(frozen=True)
class Paper:
    """What the directory needs to know of an outlet."""

    id: str
    name: str
    homepage: str
    aliases: tuple[str, ...] = ()


NAZIR = Paper("nazirkerman", "نذیر کرمان", "https://nazirkerman.ir", ("نذیرکرمان",))
ARMAN = Paper("armanekerman", "آرمان کرمان", "http://www.armanekerman.ir", ("آرمان",))
IRNA = Paper("irna", "ایرنا", "https://www.irna.ir", ("خبرگزاری جمهوری اسلامی",))
FARS = Paper("fars", "خبرگزاری فارس", "https://farsnews.ir", ("فارس",))
ISNA = Paper("isna", "ایسنا", "https://www.isna.ir", ("خبرگزاری دانشجویان ایران", "خبرگزاری ایسنا"))
MEHR = Paper("mehr", "خبرگزاری مهر", "https://www.mehrnews.com", ("مهر",))
MASHREGH = Paper("mashregh", "مشرق نیوز", "https://mashreghnews.ir", ("مشرق",))
PRESS = (NAZIR, ARMAN, IRNA, FARS, ISNA, MEHR, MASHREGH)
DIRECTORY = NameDirectory.of(PRESS)
OWN_ARMAN = OwnNames.of(ARMAN)
OWN_NAZIR = OwnNames.of(NAZIR)
