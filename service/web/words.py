"""Say what a page says, in the reader's language: messages, numbers, times and errors."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from alerts.catalogues import Language
from persian.calendar import TEHRAN, JalaliStyle, format_jalali
from persian.digits import to_persian_digits
from service.web.catalogues import translations
from service.web.choices import CHOICES
from storage.query_error import QueryError
from storage.worded import Worded

#: First-strong isolates: what was typed keeps its own direction within a sentence of ours.
_ISOLATED: Final = "\u2068{}\u2069"
#: A minus that stays before its number in a line from right to left.
_MINUS: Final = "\u200e\u2212"
#: The values of an error that are names of ours and have words of their own.
_NAMED: Final = frozenset({"field", "scope", "failure"})


def mark(message: str) -> str:
    """Return a message as it is: it stands here for the catalogues and is said elsewhere."""
    return message


class Words:
    """Speaks one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._translations = translations(language)

    def say(self, message: str, **values: object) -> str:
        """Say a message, with values in its {places}."""
        return self._filled(self._translations.gettext(message), values)

    def say_n(self, one: str, many: str, n: int, **values: object) -> str:
        """Say a message about n things."""
        return self._filled(self._translations.ngettext(one, many, n), {"n": n, **values})

    def say_as(self, context: str, message: str, **values: object) -> str:
        """Say a message that has its own words in a context, such as a value of a closed choice.

        One that nobody translated is said as it is: a new state must not break a page.
        """
        return self._filled(self._translations.pgettext(context, message), values)

    def tell(self, error: Worded) -> str:
        """Say what is wrong and what to do; "" when there are no words for it in the language."""
        if not error.sentence or not self._has(error.sentence):
            return ""
        named = {
            name: self.say_as(name, str(error.values[name])) for name in _NAMED & {*error.values}
        }
        return self.say(error.sentence, **_isolated(error.values) | named)

    def tell_query(self, error: QueryError) -> tuple[str, str]:
        """Say what is wrong with a query, and what to type instead."""
        values = _isolated(error.values)
        return self.say(error.fault.message, **values), self.say(error.fault.hint, **values)

    def number(self, value: object) -> str:
        """Write a number in the language's digits."""
        text = f"{value:g}" if isinstance(value, float) else str(value)
        if self.language == "en":
            return text
        if _is_number(value):
            text = text.replace(".", "٫").replace("-", _MINUS)
        return to_persian_digits(text)

    def clause(self, name: str) -> str:
        """Say which clause of a topic a piece of evidence belongs to, or what is in its way."""
        against = name.removeprefix("NOT ")
        if against != name and against in CHOICES["clause"]:
            return self.say("against it: {clause}", clause=self.say_as("clause", against))
        return self.say_as("clause", name)

    def clock(self, at: datetime | None) -> str:
        """Write an instant as Tehran reads it: Jalali in Persian, the ISO date in English."""
        if at is None:
            return "—"
        if self.language == "fa":
            return format_jalali(at, JalaliStyle.LONG_TIME)
        return f"{at.astimezone(TEHRAN):%Y-%m-%d %H:%M}"

    def brief(self, at: datetime) -> str:
        """Write an instant in few letters, for tables: ۱۴۰۵/۰۹/۰۲ ۱۰:۱۴."""
        if self.language == "fa":
            return format_jalali(at, JalaliStyle.NUMERIC_TIME)
        return self.clock(at)

    def day(self, at: datetime) -> str:
        """Write a day with its weekday, for headings."""
        if self.language == "fa":
            return format_jalali(at, JalaliStyle.LONG)
        return f"{at.astimezone(TEHRAN):%A %d %B %Y}"

    def _has(self, sentence: str) -> bool:
        return self.language == "en" or self._translations.gettext(sentence) != sentence

    def _filled(self, sentence: str, values: Mapping[str, object]) -> str:
        if not values:
            return sentence
        return sentence.format(
            **{
                name: self.number(value) if _is_number(value) else value
                for name, value in values.items()
            }
        )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _isolated(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value if _is_number(value) else _ISOLATED.format(value)
        for name, value in values.items()
    }
