"""Measure folding, dates, language and credits beside the limits of the interpreter.

The text is generated from our own sentences, with the spellings of the press; every function reads
the same articles.
"""

import random
import timeit
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.credits import find_credits
from crawler.names import NameDirectory, OwnNames
from persian.dates import parse_date
from persian.fold import fold, fold_with_offsets, letters
from persian.language import detect_language
from persian.spelling import SPELLING
from persian.words import words

_SENTENCES = (
    "به گزارش خبرنگار ما، نشست کارگاه‌های کوچک استان با حضور مدیران برگزار شد.",
    "مدیر کارخانه گفت: تولید کاتد در سال گذشته ۱۲ درصد بیشتر شده و به ۱۹۶٬۳۹۹ تن رسیده است.",
    "وي افزود: شركتهاي دانش بنيان بايد از اين طرح‌ها بهره ببرند و صادرات را افزايش دهند.",
    "جاده رفسنجان به شهربابک پس از بارش برف دوباره باز شد و رفت‌وآمد خودروها ادامه دارد.",
    "این طرح با سرمایه‌گذاری ۴۵۰ میلیارد تومان در شهرک صنعتی اجرا می‌شود.",
    "کارگران معدن خواستار پرداخت دستمزد دو ماه گذشته شدند و فرماندار قول پیگیری داد.",
    "تیم مس در خانه پیروز شد و سه امتیاز گرفت.",
    "بر اساس این مصوبه، بانک‌ها باید به واحدهای کوچک تسهیلات ارزان بدهند.",
)
_DATES = (
    "چهارشنبه ۲۰ ارديبهشت ۱۴۰۲ ساعت ۱۵:۲۲",
    "1404/09/18 - 08:08",
    "۱۰ خرداد ۱۳۹۵ - ۱۵:۵۱ - 30 May 2016",
    "Tue, 20 Oct 2026 12:30:41 GMT",
    "چهاردهم شهريور 1401",
    "2026-10-20T12:30:41+03:30",
    "۳ ساعت پیش",
)
_NOW = datetime(2026, 11, 23, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `megabytes_per_second` is of UTF-8, None where it says nothing."""

    name: str
    microseconds: float
    megabytes_per_second: float | None


@dataclass(frozen=True, slots=True)
class _Paper:
    id: str
    name: str
    aliases: tuple[str, ...]
    homepage: str


_PAPERS = (
    _Paper("nazirkerman", "نذیر کرمان", ("نذیرکرمان",), "https://nazirkerman.ir"),
    _Paper("armanekerman", "آرمان کرمان", ("آرمان",), "http://armanekerman.ir"),
)


def run(quick: bool) -> None:  # noqa: FBT001 - every benchmark is called alike
    """Print the table; `quick` reads fewer articles."""
    for row in _rows(_articles(20 if quick else 200)):
        speed = f"{row.megabytes_per_second:8.0f} MB/s" if row.megabytes_per_second else ""
        print(f"{row.name:55} {row.microseconds:9.1f} µs {speed}")


def _rows(articles: list[str]) -> list[Row]:
    directory, own = NameDirectory.of(_PAPERS), OwnNames.of(_PAPERS[0])
    measured: list[tuple[str, Callable[[str], object]]] = [
        ("limit: NFKC", lambda text: unicodedata.normalize("NFKC", text)),
        ("limit: str.translate with the same table", lambda text: text.translate(SPELLING)),
        ("fold", fold),
        ("fold_with_offsets", fold_with_offsets),
        ("letters", letters),
        ("words", words),
        ("detect_language", detect_language),
        ("find_credits", lambda text: find_credits(text, outlet=own, directory=directory)),
    ]
    rows = [_row(name, function, articles) for name, function in measured]
    rows += [
        Row(f"parse_date {printed}", _microseconds(_parse, [printed] * 50), None)
        for printed in _DATES
    ]
    return rows


def _articles(count: int) -> list[str]:
    chosen = random.Random(1403)
    return ["\n".join(chosen.choices(_SENTENCES, k=24)) for _ in range(count)]


def _parse(printed: str) -> object:
    return parse_date(printed, now=_NOW)


def _row(name: str, function: Callable[[str], object], articles: list[str]) -> Row:
    size = sum(len(text.encode()) for text in articles) / len(articles)
    microseconds = _microseconds(function, articles)
    return Row(f"{name}, one article", microseconds, size / microseconds)


def _microseconds(function: Callable[[str], object], texts: list[str]) -> float:
    def once() -> None:
        for text in texts:
            function(text)

    return min(timeit.repeat(once, number=1, repeat=5)) / len(texts) * 1e6


if __name__ == "__main__":
    run(quick=False)
