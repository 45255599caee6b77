"""The words that begin, fill and end the names of sources, by their letters."""

from typing import Final

from persian.fold import letters


def _words(listed: str) -> frozenset[str]:
    return frozenset(map(letters, listed.split()))


# What kind of source follows: «خبرگزاری …», «گروه اقتصادی پایگاه خبری …».
OUTLET_KINDS: Final = _words("""
    خبرگزاری پایگاه سایت وب‌سایت تارنمای تارنما روزنامه هفته‌نامه دوهفته‌نامه ماهنامه نشریه مجله
    شبکه کانال رسانه آژانس پرتال درگاه باشگاه تلویزیون رادیو
""")
# A part of a source, named by any words: «گروه جهاد و مقاومت مشرق», «خبرنگار سینمایی فارس».
DESKS: Final = _words("گروه سرویس حوزه بخش دفتر خبرنگار گزارشگر")
# What may stand between such a word and the name.
KIND_COMPLEMENTS: Final = _words("""
    خبری تحلیلی خبری‌تحلیلی اینترنتی اطلاع رسانی اطلاع‌رسانی تلگرامی محلی استانی تخصصی مجازی اعزامی
    اقتصادی اجتماعی سیاسی فرهنگی ورزشی حوادث انتظامی بین‌الملل بین الملل استان‌ها استان شهرستان‌ها
    علمی پزشکی هنری دینی مذهبی قرآنی قضایی پارلمانی بازار معدن صنعت جامعه دولت سلامت شهری عکس و
    نامه هفته دو ماه وب رسمی اختصاصی اجتماع اقتصاد فرهنگ ورزش سیاست گردشگری محیط زیست خبر
""")
# What no name holds: the sentence goes on.
ENDS: Final = _words("""
    از در با که طی این آن وی او برای به را روز امروز دیروز صبح ظهر عصر شب شامگاه بامداد ضمن بر
    همچنین پس بعد قبل گفت نوشت افزود اعلام اظهار است بود شد کرد مبنی هنگام درباره پیرامون تا نقل
    شنبه یکشنبه دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه می‌نویسد آورده داد گزارش حاکی هم نیز
""")
# What makes another outlet's name of a name: «آرمان ملی» is not «آرمان».
EXTENSIONS: Final = _words("آنلاین نیوز پرس پلاس 24")
# These do so only where the name ends with them: «ایسنا ملی پوشان …» begins a sentence.
LAST_EXTENSIONS: Final = _words("ملی ورزشی")
# What follows «به گزارش» without being anybody's name.
NOBODY: Final = _words("ها های هایی ما این همین ارائه ارائه‌شده منتشر منتشرشده رسیده دریافتی")
