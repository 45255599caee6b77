"""The words of the pages in Persian and English, and how numbers and times are told in each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from persian.calendar import TEHRAN, JalaliStyle, format_jalali
from persian.digits import to_persian_digits

Language = Literal["fa", "en"]

# One row a phrase: its name in the templates, Persian, English.
PHRASES: Final[Mapping[str, tuple[str, str]]] = {
    "brand": ("رصد", "Rasad"),
    "tagline": ("دیده‌بان مطبوعات کرمان", "watching the press of Kerman"),
    "skip": ("رفتن به متن", "Skip to the text"),
    "other_language": ("English", "فارسی"),
    "today": ("امروز", "Today"),
    "search": ("جست‌وجو", "Search"),
    "outlets": ("رسانه‌ها", "Outlets"),
    "ledger": ("ارسال‌ها", "Deliveries"),
    "topics": ("موضوع‌ها", "Topics"),
    "stories_of": ("خبرهای", "Stories of"),
    "no_stories": ("هنوز خبری در این روز نیست.", "No stories on this day yet."),
    "first_had": ("نخستین:", "First:"),
    "copies": ("بازنشر", "copies"),
    "no_copies": ("بدون بازنشر", "no copies"),
    "in_outlets": ("در {n} رسانه", "in {n} outlets"),
    "earlier": ("روز پیش", "The day before"),
    "later": ("روز بعد", "The day after"),
    "ask": ("جست‌وجو کن", "Search"),
    "ask_label": ("پرسش", "Query"),
    "ask_help": (
        "واژه‌ها، «عبارت»، AND OR NOT، NEAR/5، outlet: title: after:1404/01/01",
        "words, “phrases”, AND OR NOT, NEAR/5, outlet: title: after:2025-03-21",
    ),
    "found": ("{n} نتیجه در این صفحه", "{n} results on this page"),
    "nothing_found": ("چیزی پیدا نشد برای:", "Nothing was found for:"),
    "more": ("نتیجه‌های بیشتر", "More results"),
    "spread": ("گسترش خبر", "How the story spread"),
    "original": ("اصل خبر", "Original"),
    "original_by": ("اصل از", "Original by"),
    "credits": ("منبع‌ها", "Credits"),
    "press_release": ("بیانیهٔ", "Press release of"),
    "own_name": ("نام خودش", "its own name"),
    "kept": ("{n}٪ متن", "{n}% of the text"),
    "at_outlet": ("در سایت رسانه", "At the outlet"),
    "text": ("متن", "Text"),
    "revisions": ("نسخه‌ها", "Versions"),
    "linked": ("همان رویداد، متن دیگر", "The same event, told differently"),
    "history": ("سرگذشت", "History"),
    "published": ("انتشار", "Published"),
    "seen": ("دیده‌شده", "Seen"),
    "matched": ("موضوع‌ها", "Topics"),
    "why": ("چرا", "Why"),
    "outlet": ("رسانه", "Outlet"),
    "health": ("وضعیت", "Health"),
    "since": ("از", "Since"),
    "last_visit": ("آخرین بازدید", "Last visit"),
    "next_visit": ("بازدید بعدی", "Next visit"),
    "articles": ("مطلب‌ها", "Articles"),
    "recipient": ("گیرنده", "Recipient"),
    "state": ("حالت", "State"),
    "about": ("دربارهٔ", "About"),
    "when": ("زمان", "When"),
    "reason": ("دلیل", "Reason"),
    "query_wrong": ("پرسش درست نیست", "The query is not right"),
    "not_found": ("چنین صفحه‌ای نیست.", "There is no such page."),
    "archive_away": ("بایگانی در دسترس نیست", "The archive cannot be reached"),
    "bad_link": ("این پیوند کار نمی‌کند", "This link does not work"),
    "confirm.title": ("تأیید اشتراک", "Confirm the subscription"),
    "confirm.text": (
        "با این دکمه اشتراک شما آغاز می‌شود. اگر شما درخواست نکرده‌اید، این صفحه را ببندید.",
        "This button starts your subscription. If you did not ask for it, close this page.",
    ),
    "confirm.button": ("تأیید می‌کنم", "Confirm"),
    "confirm.done": ("اشتراک شما آغاز شد.", "Your subscription has begun."),
    "manage.title": ("اشتراک شما", "Your subscription"),
    "manage.text": ("این‌ها را برای شما می‌فرستیم:", "This is what we send you:"),
    "manage.button": ("پایان اشتراک", "End the subscription"),
    "unsubscribe.title": ("پایان اشتراک", "End the subscription"),
    "unsubscribe.text": (
        "با این دکمه دیگر چیزی برای شما فرستاده نمی‌شود.",
        "With this button nothing more is sent to you.",
    ),
    "unsubscribe.button": ("پایان می‌دهم", "Unsubscribe"),
    "unsubscribe.done": ("اشتراک شما پایان یافت.", "You are unsubscribed."),
    "footer": (
        "رصد هر متن را همان‌گونه که چاپ شده نگه می‌دارد؛ حق متن‌ها با رسانه‌هاست.",
        "Rasad keeps every text as printed; the texts belong to their outlets.",
    ),
    # relations
    "relation.original": ("اصل", "original"),
    "relation.copy": ("بازنشر", "copy"),
    "relation.truncated": ("کوتاه‌شده", "truncated"),
    "relation.expanded": ("گسترش‌یافته", "expanded"),
    "relation.rewritten": ("بازنویسی", "rewritten"),
    "relation.revision": ("ویرایش", "revision"),
    "relation.mirror": ("آینه", "mirror"),
    "relation.same_event": ("همان رویداد", "same event"),
    "relation.digest": ("چند خبر در یکی", "digest"),
    # credit kinds
    "credit.reported_by": ("به گزارش", "reported by"),
    "credit.quoted_from": ("به نقل از", "quoted from"),
    "credit.source_tag": ("منبع", "source"),
    "credit.prefix": ("پیشوند", "prefix"),
    "credit.dateline": ("سرآغاز", "dateline"),
    "credit.interview": ("گفت‌وگو با", "interview with"),
    "credit.closing_code": ("کد پایانی", "closing code"),
    # delivery states
    "state.owed": ("در نوبت", "owed"),
    "state.held": ("نگه‌داشته", "held"),
    "state.sending": ("در حال ارسال", "sending"),
    "state.sent": ("فرستاده", "sent"),
    "state.failed": ("ناموفق، دوباره", "failed, to be retried"),
    "state.dead": ("رهاشده", "given up"),
    "state.skipped": ("کنار گذاشته", "skipped"),
    # health states
    "health.new": ("هنوز خوانده نشده", "not read yet"),
    "health.unknown": ("هنوز خوانده نشده", "not read yet"),
    "health.healthy": ("سالم", "healthy"),
    "health.quiet": ("خاموش", "quiet"),
    "health.changed": ("دگرگون شده", "changed"),
    "health.blocked": ("مسدود", "blocked"),
    "health.geo_blocked": ("مسدود از بیرون کشور", "geo-blocked"),
    "health.certificate": ("گواهی نامعتبر", "certificate"),
    "health.unreachable": ("در دسترس نیست", "unreachable"),
    "health.dead": ("از کار افتاده", "dead"),
}


def phrase(language: Language, name: str, **values: object) -> str:
    """Return a phrase in a language, its numbers in that language's digits.

    A name nobody knows is returned as it is: a new state of an enum must not break a page.
    """
    row = PHRASES.get(name)
    if row is None:
        return name.rpartition(".")[2]
    return row[0 if language == "fa" else 1].format(
        **{key: number(language, value) for key, value in values.items()}
    )


def number(language: Language, value: object) -> str:
    """Write a number in the language's digits."""
    return to_persian_digits(str(value)) if language == "fa" else str(value)


def clock(language: Language, at: datetime | None) -> str:
    """Write an instant as Tehran reads it: the Jalali date in Persian, the ISO date in English."""
    if at is None:
        return "—"
    if language == "fa":
        return format_jalali(at, JalaliStyle.LONG_TIME)
    return f"{at.astimezone(TEHRAN):%Y-%m-%d %H:%M}"
