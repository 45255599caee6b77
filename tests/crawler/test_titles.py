from crawler.titles import choose_title, without_site


def test_the_heading_that_agrees_with_the_metadata_is_the_title() -> None:
    headings = ["نگاه ما", "بهای نان تغییر نمی‌کند"]
    assert choose_title(headings, ["بهای نان تغییر نمی‌کند"], "") == headings[1]


def test_a_site_name_in_the_first_heading_is_no_title() -> None:
    headings = ["صدا | وب سایت شبکه خبر کرمان", "آمار برداشت گندم"]
    assert choose_title(headings, ["آمار برداشت گندم"], "صدا - آمار برداشت گندم") == headings[1]


def test_without_a_heading_the_declared_title_is_taken_without_the_site() -> None:
    assert choose_title([], ["آمار برداشت گندم | صدای کرمان"], "x") == "آمار برداشت گندم"
    assert choose_title([], [], "صدا » آمار برداشت گندم در کرمان") == "آمار برداشت گندم در کرمان"


def test_a_page_title_that_is_only_the_sites_name_does_not_hide_the_heading() -> None:
    assert choose_title(["نامه کویر به دیار سبز"], [], "نامه کویر") == "نامه کویر به دیار سبز"


def test_a_lone_heading_is_better_than_nothing() -> None:
    assert choose_title(["تیتر"], [], "") == "تیتر"
    assert choose_title([], [], "") is None


def test_a_title_without_separator_stays_whole() -> None:
    assert without_site("یک تیتر ساده") == "یک تیتر ساده"
