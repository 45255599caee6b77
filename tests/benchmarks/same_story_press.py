"""A press of our own making: originals, copies as the press makes them, and traps.

Everything is drawn from a seed. Narratives are made of everyday words, so that no two agree by
chance; templates come from `same_story_families`. Rows carry the truth: story, kind and role.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from storage.everyday import EVERYDAY
from tests.benchmarks.same_story_families import FIGURES, FOOTERS, PLAIN, SLOTS
from tests.benchmarks.same_story_lists import LIST_SLOTS, LISTS

OUTLETS: Final = (
    "صبح کویر",
    "ندای ارگ",
    "پیک هلیل",
    "خبر راین",
    "چشم‌انداز کرمان",
    "آوای سرچشمه",
    "دیار قلعه‌دختر",
    "روزنه نو",
)
_START: Final = datetime(2026, 1, 3, 4, tzinfo=UTC)
_SLOT: Final = re.compile(r"\{(\w+)(?::(\d))?\}")
_FAMILIES: Final = PLAIN | FIGURES | LISTS
_FILLINGS: Final = {kind: words.split() for kind, words in (SLOTS | LIST_SLOTS).items()}
_WORDS: Final = sorted(word for word in EVERYDAY if len(word) > 1)
_BRIDGES: Final = (
    "وی با بیان اینکه",
    "او در ادامه افزود:",
    "این مقام مسئول یادآور شد:",
    "وی با اشاره به اینکه",
    "به گفته وی",
    "او تصریح کرد:",
    "گفتنی است",
    "در همین حال",
)
_SYNONYMS: Final = {
    "وی": "او",
    "برای": "جهت",
    "است": "می‌باشد",
    "همچنین": "نیز",
    "طرح": "پروژه",
    "متهمان": "متهمین",
    "پیشنهادات": "پیشنهادها",
    "افزود": "اظهار داشت",
    "زیاد": "بسیار",
    "کنونی": "فعلی",
    "آغاز": "شروع",
    "مشکلات": "معضلات",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A headline and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


class Press:
    """Draws texts and edits them."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)

    def narrative(self, paragraphs: int | None = None) -> Text:
        """Draw a report with names and figures of its own."""
        count = paragraphs or self.draw.randint(3, 9)
        first = f"{self._name()} از {self._sentence(8)} در {self._pick('town')} خبر داد."
        rest = [self._paragraph() for _ in range(count - 1)]
        return Text(title=self._sentence(7), paragraphs=(first, *rest))

    def template(self, family: str) -> Text:
        """Draw one more instance of a template family."""
        title, body = _FAMILIES[family]
        filled: dict[str, str] = {}
        sentences = self._fill(body, filled)
        return Text(title=self._fill(title, filled), paragraphs=(sentences,))

    def _fill(self, pattern: str, filled: dict[str, str]) -> str:
        def value(slot: re.Match[str]) -> str:
            if slot[0] not in filled:
                used = set(filled.values())
                drawn = self._pick(slot[1])
                while drawn in used:
                    drawn = self._pick(slot[1])
                filled[slot[0]] = drawn
            return filled[slot[0]]

        return _SLOT.sub(value, pattern)

    def _pick(self, kind: str) -> str:
        numbers: dict[str, Callable[[], int]] = {
            "small": lambda: self.draw.randint(2, 49),
            "hour": lambda: self.draw.randint(1, 24),
            "hundred": lambda: self.draw.randint(100, 999),
            "thousand": lambda: self.draw.randint(1000, 9999),
            "price": lambda: self.draw.randint(100_000, 99_999_999),
            "goals": lambda: self.draw.randint(0, 60),
        }
        if kind in numbers:
            return _persian(str(numbers[kind]()))
        return self.draw.choice(_FILLINGS[kind]).replace("-", " ")

    def _name(self) -> str:
        return f"{self._pick('given')} {self._pick('family')}"

    def _sentence(self, words: int) -> str:
        return " ".join(self.draw.choices(_WORDS, k=words))

    def _paragraph(self) -> str:
        sentences = [self._statement() for _ in range(self.draw.randint(1, 3))]
        return " ".join(sentences)

    def _statement(self) -> str:
        start = self.draw.choice(_BRIDGES) if self.draw.random() < 0.5 else self._name()
        figure = f" {self._pick('hundred')} " if self.draw.random() < 0.4 else " "
        return f"{start} {self._sentence(self.draw.randint(6, 12))}{figure}{self._sentence(6)}."

    # What a copy does to its original.

    def copied(self, text: Text, kind: str) -> Text:
        """Return a copy of one kind."""
        edits: dict[str, Callable[[Text], Text]] = {
            "exact": lambda same: same,
            "respelled": self._respelled,
            "truncated": self._truncated,
            "cut": self._cut,
            "reordered": self._reordered,
            "joined": self._joined,
            "led": self._led,
            "led_and_truncated": self._led_and_truncated,
            "doubled": self._doubled,
            "reheadlined": self._reheadlined,
            "edited": self._edited,
        }
        return edits[kind](text)

    def _respelled(self, text: Text) -> Text:
        changes: tuple[Callable[[str], str], ...] = (
            lambda t: t.replace("ی", "ي").replace("ک", "ك"),
            lambda t: t.replace("\u200c", ""),
            lambda t: t.replace("\u200c", " "),
            lambda t: t.replace("ه", "ھ"),
            lambda t: t.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")),
            lambda t: t.replace("ئ", "ی").replace("آ", "ا"),
            lambda t: re.sub(r"(?<=\w\w)ا", "ـا", t),
        )
        for change in self.draw.sample(changes, 2):
            text = Text(title=change(text.title), paragraphs=tuple(map(change, text.paragraphs)))
        return text

    def _truncated(self, text: Text) -> Text:
        words = "\n".join(text.paragraphs).split(" ")
        kept = max(28, int(len(words) * self.draw.choice((0.25, 0.4, 0.6))))
        return replace(text, paragraphs=tuple(" ".join(words[:kept]).split("\n")))

    def _cut(self, text: Text) -> Text:
        kept = [one for one in text.paragraphs if self.draw.random() < 0.65]
        return replace(text, paragraphs=tuple(kept) or text.paragraphs)

    def _reordered(self, text: Text) -> Text:
        shuffled = list(text.paragraphs)
        self.draw.shuffle(shuffled)
        return replace(text, paragraphs=tuple(shuffled))

    def _joined(self, text: Text) -> Text:
        return replace(text, paragraphs=(" ".join(text.paragraphs),))

    def _led(self, text: Text) -> Text:
        """Replace the lead by the copier's own."""
        return replace(text, paragraphs=(self._statement(), *text.paragraphs[1:]))

    def _led_and_truncated(self, text: Text) -> Text:
        size = max(3, len(text.paragraphs) // 2 + 1)
        return self._led(replace(text, paragraphs=text.paragraphs[:size]))

    def _doubled(self, text: Text) -> Text:
        return replace(text, paragraphs=(text.paragraphs[0], *text.paragraphs))

    def _reheadlined(self, text: Text) -> Text:
        return replace(text, title=self._sentence(8))

    def _edited(self, text: Text) -> Text:
        """Swap synonyms and change or drop one word in fourteen."""
        return replace(text, paragraphs=tuple(map(self._edit, text.paragraphs)))

    def _edit(self, paragraph: str) -> str:
        words = [_SYNONYMS.get(word, word) for word in paragraph.split(" ")]
        for place in range(len(words)):
            chance = self.draw.random()
            if chance < 0.04 and not words[place][:1].isdigit():
                words[place] = self.draw.choice(_WORDS)
            elif chance < 0.07:
                words[place] = ""
        return " ".join(word for word in words if word)

    # What is no copy though it looks like one.

    def follow_up(self, text: Text) -> Text:
        """Tell the next day's news and repeat the older report's middle as background."""
        fresh = self.narrative(4)
        background = text.paragraphs[1 : 1 + max(1, len(text.paragraphs) // 3)]
        return replace(fresh, paragraphs=(*fresh.paragraphs, *background))

    def digest(self, texts: list[Text], *, headed: bool) -> Text:
        """String the beginnings of several reports together."""
        lines: list[str] = []
        for text in texts:
            lines += [f"■ {text.title}"] if headed else []
            lines += text.paragraphs[:3]
        return Text(title="مرور خبرهای امروز استان", paragraphs=tuple(lines))

    def retold(self, text: Text) -> Text:
        """Tell the same event in other words, with one quotation in common."""
        own = self.narrative(4)
        quote = f"«{text.paragraphs[-1]}»"
        return Text(title=text.title, paragraphs=(*own.paragraphs[:2], quote, *own.paragraphs[2:]))

    def refigured(self, text: Text) -> Text:
        """Tell next year's event: the same words, every figure and name another."""
        filled: dict[str, str] = {}

        def other(word: str) -> str:
            for kind in ("given", "family", "town"):
                if word in _FILLINGS[kind]:
                    return filled.setdefault(word, self._pick(kind))
            return filled.setdefault(word, self._pick("hundred")) if word.isdigit() else word

        return Text(
            title=text.title,
            paragraphs=tuple(" ".join(map(other, one.split(" "))) for one in text.paragraphs),
        )


def _persian(digits: str) -> str:
    return digits.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))


KINDS: Final = (
    "exact",
    "respelled",
    "truncated",
    "cut",
    "reordered",
    "joined",
    "led",
    "led_and_truncated",
    "doubled",
    "reheadlined",
    "edited",
)


class Wire:
    """Prints texts as outlets do and collects rows in the order of their arrival."""

    def __init__(self, seed: int) -> None:
        self.press = Press(seed)
        self.draw = random.Random(seed + 1)
        self.rows: list[tuple[datetime, dict[str, Any]]] = []
        self._stories = 0

    def add(
        self, text: Text, at: datetime, *, outlet: str, story: str, kind: str, role: str
    ) -> None:
        """Print one text in one outlet."""
        body = "\n".join(self._dressed(text.paragraphs, outlet))
        self.rows.append(
            (
                at,
                {
                    "title": text.title,
                    "text": body,
                    "source": outlet,
                    "published": at.replace(tzinfo=None).isoformat(),
                    "story": story,
                    "kind": kind,
                    "role": role,
                },
            )
        )

    def _dressed(self, paragraphs: tuple[str, ...], outlet: str) -> list[str]:
        start = self.draw.choice(
            ("", f"{outlet} - ", f"به گزارش {outlet}، ", f"به گزارش خبرنگار {outlet}، ")
        )
        lines = [start + paragraphs[0], *paragraphs[1:]]
        place = OUTLETS.index(outlet) % (len(FOOTERS) + 1)
        if place < len(FOOTERS):
            lines.append(FOOTERS[place].format(name=outlet))
        return lines

    def story(self, text: Text, at: datetime, kinds: tuple[str, ...], *, kind: str) -> str:
        """Print an original and its copies in other outlets."""
        self._stories += 1
        story = f"s{self._stories}"
        outlets = self.draw.sample(OUTLETS, len(kinds) + 1)
        self.add(text, at, outlet=outlets[0], story=story, kind=kind, role="orig")
        for outlet, one in zip(outlets[1:], kinds, strict=True):
            later = at + timedelta(minutes=self.draw.randint(8, 900))
            copied = self.press.copied(text, one)
            self.add(copied, later, outlet=outlet, story=story, kind=f"copy_{one}", role="copy")
        return story

    def alone(self, text: Text, at: datetime, *, kind: str) -> None:
        """Print what nobody copies."""
        self._stories += 1
        outlet = self.draw.choice(OUTLETS)
        self.add(text, at, outlet=outlet, story=f"s{self._stories}", kind=kind, role="single")

    def in_order(self) -> list[dict[str, Any]]:
        """Return all rows as they arrive, with ids."""
        self.rows.sort(key=lambda pair: pair[0])
        return [{"id": f"p{number}", **row} for number, (_, row) in enumerate(self.rows)]


def blind_set(seed: int = 7, *, stories: int = 300, instances: int = 3) -> list[dict[str, Any]]:
    """Return stories with copies of every kind, traps of every kind, and cold template families."""
    wire = Wire(seed)
    press = wire.press
    for number in range(stories):
        at = _START + timedelta(hours=2.3 * number)
        text = press.narrative()
        kinds = tuple(wire.draw.sample(KINDS, wire.draw.randint(0, 3)))
        wire.story(text, at, kinds, kind="orig")
        _add_trap(wire, text, at, number)
    for place, family in enumerate(_FAMILIES):
        for turn in range(instances):
            at = _START + timedelta(hours=30 * turn + 2 * place)
            kinds = tuple(wire.draw.sample(("exact", "respelled", "reheadlined"), turn % 2))
            wire.story(press.template(family), at, kinds, kind=f"family_{family}")
    return wire.in_order()


def _add_trap(wire: Wire, text: Text, at: datetime, number: int) -> None:
    press = wire.press
    match number % 6:
        case 0:
            wire.alone(press.follow_up(text), at + timedelta(hours=22), kind="trap_follow_up")
        case 1:
            others = [press.narrative() for _ in range(3)]
            for other in others:
                wire.alone(other, at + timedelta(hours=1), kind="digested")
            headed = bool(number % 4 == 1)
            early = timedelta(minutes=-20) if number % 8 == 1 else timedelta(hours=6)
            wire.alone(press.digest([text, *others], headed=headed), at + early, kind="trap_digest")
        case 2:
            wire.alone(press.retold(text), at + timedelta(hours=3), kind="trap_retold")
        case 3:
            wire.alone(press.refigured(text), at + timedelta(hours=26), kind="trap_refigured")
        case _:
            pass


def endless(seed: int) -> Iterator[Text]:
    """Draw narratives for ever, for the growth benchmark."""
    press = Press(seed)
    while True:
        yield press.narrative()
