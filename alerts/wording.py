"""Put values into words for the templates: times, numbers, the spread, why a rule fired."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from alerts.message import Alert, Carrier, Correction, Coverage, Name, Span, UnreadOutlet
from alerts.phrases import phrase, phrase_n
from alerts.tidy import one_line
from persian.calendar import TEHRAN, JalaliStyle, format_jalali
from persian.digits import to_persian_digits

#: More names than these make a mail longer, not clearer; the archive has them all.
MAX_CARRIERS: Final = 12
MAX_TERMS: Final = 8
MAX_UNREAD: Final = 10


class Wording:
    """Puts values into words of one language."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._persian = language != "en"

    def functions(self) -> dict[str, Callable[..., Any]]:
        """Return everything a template may call."""
        return {
            "name": self.name,
            "topics": self.topics,
            "number": self.number,
            "stories": self.stories,
            "score": self.score,
            "when": self.when,
            "clock": self.clock,
            "terms": self.terms,
            "starred": self.starred,
            "carriers": self.carriers,
            "spread_line": self.spread_line,
            "why_line": self.why_line,
            "correction_line": self.correction_line,
            "coverage_lines": self.coverage_lines,
        }

    def name(self, name: Name) -> str:
        """Say a name."""
        return one_line(name.told(self._language), 120)

    def topics(self, alert: Alert) -> str:
        """Name every rule that fired, the strongest first."""
        names = (self.name(rule.name) for rule in alert.rules)
        return self._joined(names) or self._say("Rasad")

    def number(self, number: int) -> str:
        """Write a whole number."""
        return to_persian_digits(str(number)) if self._persian else f"{number:,}"

    def stories(self, count: int) -> str:
        """Count stories in words."""
        told = self.number(count)
        return phrase_n("{count} story", "{count} stories", count, self._language, count=told)

    def score(self, score: float) -> str:
        """Write a score with at most two decimals."""
        text = f"{score:.2f}".rstrip("0").rstrip(".")
        return to_persian_digits(text.replace(".", "٫")) if self._persian else text

    def when(self, at: datetime) -> str:
        """Write an instant in Jalali and Gregorian, both in Tehran time."""
        gregorian = f"{at.astimezone(TEHRAN):%Y-%m-%d %H:%M}"
        if self._persian:
            return f"{format_jalali(at, JalaliStyle.LONG_TIME)} ({gregorian})"
        return f"{gregorian} Tehran ({format_jalali(at, JalaliStyle.ISO)} Jalali)"

    def day(self, at: datetime) -> str:
        """Write the day of an instant."""
        if self._persian:
            return format_jalali(at, JalaliStyle.DAY)
        return f"{at.astimezone(TEHRAN):%Y-%m-%d}"

    def clock(self, at: datetime) -> str:
        """Write an instant shortly: day and time of day."""
        if self._persian:
            return format_jalali(at, JalaliStyle.NUMERIC_TIME)
        return f"{at.astimezone(TEHRAN):%Y-%m-%d %H:%M}"

    def terms(self, terms: Sequence[str]) -> str:
        """List the words that made a rule fire, each once."""
        shown = list(dict.fromkeys(one_line(term, 80) for term in terms))
        listed = self._joined(f"«{term}»" for term in shown[:MAX_TERMS])
        return listed if len(shown) <= MAX_TERMS else f"{listed} …"

    def starred(self, spans: Sequence[Span]) -> str:
        """Write a sentence in plain text, its marked words between stars."""
        return "".join(f"*{span.text}*" if span.marked else span.text for span in spans)

    def carriers(self, alert: Alert) -> tuple[Carrier, ...]:
        """Return the outlets to list, the earliest first."""
        return tuple(sorted(alert.spread, key=lambda carrier: carrier.at)[:MAX_CARRIERS])

    def spread_line(self, alert: Alert) -> str:
        """Say how many outlets carry a story and who had it first."""
        carriers = sorted(alert.spread, key=lambda carrier: carrier.at)
        if len(carriers) <= 1:
            first = self.name(carriers[0].name if carriers else alert.outlet)
            return self._say("So far only in {first}", first=first)
        return self._say(
            "{count} outlets; first {first} {time}",
            count=self.number(len(carriers)),
            first=self.name(carriers[0].name),
            time=self.clock(carriers[0].at),
        )

    def why_line(self, alert: Alert) -> str:
        """Say in one line which rules fired on which words."""
        return ("؛ " if self._persian else "; ").join(
            f"{self.name(rule.name)}: {self.terms(rule.terms)}"
            if rule.terms
            else self.name(rule.name)
            for rule in alert.rules
        )

    def correction_line(self, correction: Correction) -> str:
        """Say from whom a story was told and whose it is."""
        return self._say(
            "First told from {told}; the original is by {original} ({time}).",
            told=self.name(correction.told_outlet),
            original=self.name(correction.original_outlet),
            time=self.clock(correction.original_at),
        )

    def coverage_lines(self, coverage: Coverage) -> tuple[str, ...]:
        """Say how much of the press was read, and what was not."""
        total = self.number(coverage.outlets)
        if not coverage.unread:
            return (self._say("All {total} outlets were read.", total=total),)
        head = self._say(
            "{unread} of {total} outlets not read:",
            unread=self.number(len(coverage.unread)),
            total=total,
        )
        return (head, *(self._unread(outlet) for outlet in coverage.unread[:MAX_UNREAD]))

    def _unread(self, outlet: UnreadOutlet) -> str:
        line = self._say(
            "{outlet} since {time}", outlet=self.name(outlet.name), time=self.clock(outlet.since_at)
        )
        why = one_line(outlet.why.told(self._language), 200)
        return f"{line}: {why}" if why else line

    def _joined(self, words: Iterable[str]) -> str:
        return ("، " if self._persian else ", ").join(words)

    def _say(self, message: str, **values: object) -> str:
        return phrase(message, self._language, **values)
