"""The words around the news in Persian and English; what an outlet wrote is never translated."""

from collections.abc import Mapping
from typing import Final

LANGUAGES: Final = ("fa", "en")

_PHRASES: Final[Mapping[str, tuple[str, str]]] = {
    "service": ("رصد", "Rasad"),
    "published": ("زمان انتشار", "Published"),
    "found": ("دیده شد", "Seen"),
    "no_time": ("بی‌زمان معتبر", "no believable time"),
    "fired_title": ("چرا این خبر برای شما آمد", "Why you are told"),
    "fired": ("«{rule}» با امتیاز {score}", "“{rule}”, score {score}"),
    "terms": ("واژه‌ها: {terms}", "Words: {terms}"),
    "spread_title": ("گسترهٔ خبر", "Spread"),
    "spread_one": ("تا این لحظه فقط در {first}", "So far only in {first}"),
    "spread_many": ("{count} رسانه؛ نخست {first} {time}", "{count} outlets; first {first} {time}"),
    "original": ("اصل خبر", "original"),
    "open_outlet": ("متن خبر در {outlet}", "Read at {outlet}"),
    "open_archive": ("پروندهٔ خبر در بایگانی رصد", "The story in Rasad’s archive"),
    "feedback": ("این خبر به کارم نمی‌آمد", "This was not relevant to me"),
    "changed_title": ("تیتر عوض شد", "The headline changed"),
    "changed_figures": ("عددها عوض شد", "Figures changed"),
    "changed_withdrawn": ("رسانه خبر را برداشت", "The outlet withdrew the story"),
    "before": ("پیش از این", "Before"),
    "after": ("اکنون", "Now"),
    "digest_at_once": ("خبرهای مانده", "Stories that waited"),
    "digest_hourly": ("خبرهای یک ساعت", "Stories of the hour"),
    "digest_daily": ("بولتن روز", "Daily bulletin"),
    "digest_weekly": ("بولتن هفته", "Weekly bulletin"),
    "story": ("{count} خبر", "{count} story"),
    "stories": ("{count} خبر", "{count} stories"),
    "digest_none": ("در این بازه خبری نبود.", "No stories in this period."),
    "digest_range": ("از {start} تا {end}", "From {start} to {end}"),
    "left_out": (
        "{count} خبر دیگر در بایگانی است و این‌جا جا نشد.",
        "{count} more stories are in the archive; they did not fit here.",
    ),
    "corrections": ("اصلاح خبرهای پیشین", "Corrections"),
    "correction": (
        "این خبر را نخست {told} آورده بود؛ اصل آن از {original} است ({time}).",
        "First told from {told}; the original is by {original} ({time}).",
    ),
    "coverage_full": ("همهٔ {total} رسانه خوانده شد.", "All {total} outlets were read."),
    "coverage_part": (
        "{unread} رسانه از {total} خوانده نشد:",
        "{unread} of {total} outlets not read:",
    ),
    "unread_since": ("{outlet} از {time}", "{outlet} since {time}"),
    "health_broken": ("رسانه خوانده نمی‌شود: {outlet}", "Cannot be read: {outlet}"),
    "health_blocked": ("رسانه راه را بسته است: {outlet}", "Blocked: {outlet}"),
    "health_recovered": ("رسانه دوباره خوانده می‌شود: {outlet}", "Reads again: {outlet}"),
    "since": ("از {time}", "Since {time}"),
    "confirm_subject": ("تأیید اشتراک خبر", "Confirm your subscription"),
    "confirm_text": (
        (
            "کسی، شاید خود شما، این نشانی را برای خبرهای «{rules}» ثبت کرده است. "
            "اگر شما بودید تأیید کنید؛ وگرنه هیچ کاری لازم نیست و خبری نمی‌آید."
        ),
        (
            "Somebody, perhaps you, asked for news on “{rules}” at this address. "
            "Confirm if it was you; if not, do nothing and nothing will come."
        ),
    ),
    "confirm_code": ("رمز تأیید: {code}", "The code to confirm: {code}"),
    "chat_cut": ("بقیه در بایگانی رصد است.", "The rest is in Rasad’s archive."),
    "confirm_action": ("تأیید اشتراک", "Confirm"),
    "notice_subject": ("نشانی شما خاموش شد", "Your endpoint was disabled"),
    "notice_text": (
        (
            "به نشانی {endpoint} دیگر چیزی نمی‌فرستیم، چون {why}. "
            "پس از رفع عیب، از صفحهٔ اشتراک آن را دوباره روشن کنید."
        ),
        (
            "Nothing more is sent to {endpoint}, because {why}. "
            "Once it is mended, enable it again on the subscription's page."
        ),
    ),
    "cause_gone": ("خودش پاسخ داد که برای همیشه رفته است", "it answered that it is gone for good"),
    "cause_failing": (
        "{count} روز است که هیچ پیامی را نپذیرفته است",
        "it has taken nothing for {count} days",
    ),
    "cause_bouncing": (
        "{count} پیام پیاپی را برگرداند",
        "it refused {count} messages in a row",
    ),
    "answer": ("آخرین پاسخ: {answer}", "Its last answer: {answer}"),
    "ping_subject": ("پیام آزمایشی رصد", "A test message from Rasad"),
    "waiting": (
        "{count} خبر دیگر در نوبت است و در بولتن ساعت بعد می‌آید.",
        "{count} more stories are waiting in the digest of the next hour.",
    ),
    "manage": ("تنظیم اشتراک", "Manage your subscription"),
    "unsubscribe": ("لغو اشتراک", "Unsubscribe"),
    "footer": (
        "این پیام را برای اشتراک «{name}» می‌گیرید.",
        "You get this for your subscription “{name}”.",
    ),
    "footer_unnamed": (
        "این پیام را برای اشتراک خود می‌گیرید.",
        "You get this for your subscription.",
    ),
}


def phrase(key: str, language: str, **values: object) -> str:
    """Return a phrase in a language with its values filled in; KeyError for an unknown key."""
    persian, english = _PHRASES[key]
    return (english if language == "en" else persian).format(**values)
