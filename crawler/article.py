"""What an outlet said on one page: the Article and the values it is made of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DateSource(StrEnum):
    """Where a date was read, from the most to the least trusted in general."""

    JSON_LD = "json_ld"
    META = "meta"
    FEED = "feed"
    VISIBLE = "visible"
    URL = "url"
    LISTING = "listing"


class Trust(StrEnum):
    """How far a date may be believed.

    `EXACT` names an instant with its zone or in Tehran time, `DAY` only a calendar day,
    `DOUBTFUL` is implausible (in the future, contradicting itself) and never decides.
    """

    EXACT = "exact"
    DAY = "day"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateClaim:
    """One date as claimed by one place of a page or feed.

    `at` is UTC; for `Trust.DAY` it is midnight of that day in Asia/Tehran. `printed` keeps the
    claim as it stood at the source.
    """

    at: datetime
    source: DateSource
    trust: Trust
    printed: str


class CreditKind(StrEnum):
    """The way a text says where it comes from (measured on 904 pages of Kerman news)."""

    REPORTED_BY = "reported_by"  # «به گزارش X»: half the time X is the outlet itself
    QUOTED_FROM = "quoted_from"  # «به نقل از Y»
    SOURCE_TAG = "source_tag"  # «منبع: Z», «مرجع : Z»
    PREFIX = "prefix"  # «ایرنا/», «فارس نوشت:»
    DATELINE = "dateline"  # «کرمان – ایرنا –»
    INTERVIEW = "interview"  # «در گفت‌وگو با خبرنگار X»
    CLOSING_CODE = "closing_code"  # «/511/», «./س»: survives when the name is swapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One statement of origin in a text.

    `name` is as printed. `outlet_id` is set when the name resolves to an outlet of the catalogue,
    `body` when it resolves to a press office or public body («روابط عمومی استانداری کرمان»); both
    are None when nobody has mapped the name yet. `is_own` marks the outlet's own name, which is no
    credit. `start` and `end` are offsets into `Article.text`, None for a credit read from markup.
    """

    kind: CreditKind
    name: str
    outlet_id: str | None = None
    body: str | None = None
    is_own: bool = False
    start: int | None = None
    end: int | None = None


class BlockKind(StrEnum):
    """What a block of the body is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a body in reading order, its text as printed (ZWNJ kept)."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What one outlet said at one address, as of one reading.

    The natural key is `(outlet_id, canonical_url)`. Texts are as printed: ZWNJ, tatweel and letter
    forms kept, white space tidied. `None` and empty tuples mean "absent at the source". `missing`
    names the fields that the outlet's profile promises but this page did not yield.
    """

    outlet_id: str
    url: str
    canonical_url: str
    external_id: str | None
    title: str
    kicker: str | None = None
    lead: str | None = None
    blocks: tuple[Block, ...] = ()
    published: DateClaim | None = None
    modified: DateClaim | None = None
    byline: str | None = None
    credits: tuple[Credit, ...] = ()
    section: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image_url: str | None = None
    tail: str | None = None
    language: str = "fa"
    missing: tuple[str, ...] = ()
    is_excerpt: bool = False
    fetched_at: datetime

    @property
    def body(self) -> str:
        """The body's blocks, a line feed between two."""
        return "\n".join(block.text for block in self.blocks)

    @property
    def text(self) -> str:
        """Lead and body, a line feed between them; the lead only once when the body repeats it."""
        lead = self.lead
        if not lead or (self.blocks and self.blocks[0].text.strip() == lead.strip()):
            return self.body
        return f"{lead}\n{self.body}" if self.blocks else lead
