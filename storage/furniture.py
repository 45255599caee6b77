"""Leave out of a text what its outlet put around the story: closings, links, own names (pure).

Works on folded text. The extraction has already moved most of this to `Article.tail`; what stays is
what a profile did not know.
"""

import re
from typing import Final

_CLOSING: Final = re.compile(
    r"""^[\W_]*(?:
    انتهای\ ?(?:پیام|خبر|گزارش) | پایان\ ?(?:پیام|خبر) | کد\ ?(?:خبر|مطلب) | شناسه\ ?(?:خبر|مطلب)
    | لینک\ ?کوتاه | (?:منبع|مرجع|ماخذ)\ ?[:：] | (?:برچسب|کلید\ ?واژه|تگ)\ ?ها
    | (?:بیش ?تر|همچنین|حتما)\ ?بخوانید | (?:مطالب|اخبار)\ ?مرتبط | ارسال\ ?نظر
    | https?:// | www\.
    )""",
    re.VERBOSE,
)
_LEAD_CREDIT: Final = re.compile(
    r"^[\W_]*(?:به\ ?گزارش|به\ ?نقل\ ?از)[^\n]{0,100}?[،,؛;:]\s*"
    r"(?:(?:و\ )?به\ ?نقل\ ?از[^\n]{0,80}?[،,؛;:]\s*)?"
)
_DATELINE: Final = re.compile(r"^(?:[^\W\d_]+[ \u200c]?){1,4}[-–—/]\s*(?=\S)")
_DATELINES_MAX: Final = 3


def without_furniture(folded: str) -> str:
    """Return a folded text without its closing lines and its leading credit or dateline."""
    lines = [line for line in folded.split("\n") if not _CLOSING.match(line)]
    if lines:
        lines[0] = _without_lead_credit(lines[0])
    return "\n".join(line for line in lines if line)


def _without_lead_credit(line: str) -> str:
    for _ in range(_DATELINES_MAX):
        shorter = _DATELINE.sub("", line, count=1)
        if shorter == line:
            break
        line = shorter
    return _LEAD_CREDIT.sub("", line, count=1)
