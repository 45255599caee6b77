"""Say what was seen when two texts were compared, and keep it as JSON."""

import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Ground(StrEnum):
    """Why two articles were taken for one text, or were not."""

    BODY = "body"  # enough of what is not boilerplate stands in both
    SHORT_BODY = "short_body"  # a short text that stands nearly whole in the other
    TEMPLATE_COPY = "template_copy"  # a known template, with the very same figures and names
    REVISION = "revision"  # the same outlet changed its own text
    BY_HAND = "by_hand"  # a person said so
    REPLACED = "replaced"  # figures or names stand against others
    TAIL_ONLY = "tail_only"  # only the ends agree: a footer or a repeated background
    TOO_LATE = "too_late"  # alike, but days apart
    COMPONENT = "component"  # one item inside a digest
    FOLLOW_UP = "follow_up"  # new text that repeats an older one as background
    TOO_LITTLE = "too_little"


SAME: Final = frozenset(
    {Ground.BODY, Ground.SHORT_BODY, Ground.TEMPLATE_COPY, Ground.REVISION, Ground.BY_HAND}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What two texts have in common; shares lie in 0..1, `own_share` leaves boilerplate out.

    `shared` and `longest` (the longest common stretch without boilerplate) count letters of the
    skeleton (see `storage.shingles`), about 55 of 100 printed characters. `figures` and `names`
    count those that stand against other ones. `title` is the share of the shorter headline's words
    that the other has. `apart` is negative when the new text is the older one.
    """

    ground: Ground
    share_of_new: float
    share_of_old: float
    own_share: float
    shared: int
    longest: int
    figures: int
    names: int
    title: float
    apart: timedelta

    @property
    def same(self) -> bool:
        """Whether the two are one story."""
        return self.ground in SAME


def encode_evidence(evidence: Evidence) -> str:
    """Return the evidence as one line of JSON."""
    return json.dumps(
        {
            "ground": evidence.ground,
            "share_of_new": round(evidence.share_of_new, 4),
            "share_of_old": round(evidence.share_of_old, 4),
            "own_share": round(evidence.own_share, 4),
            "shared": evidence.shared,
            "longest": evidence.longest,
            "figures": evidence.figures,
            "names": evidence.names,
            "title": round(evidence.title, 4),
            "apart_seconds": evidence.apart.total_seconds(),
        }
    )


def decode_evidence(line: str) -> Evidence:
    """Read evidence back, shares rounded to four places."""
    values = json.loads(line)
    return Evidence(
        ground=Ground(values["ground"]),
        share_of_new=values["share_of_new"],
        share_of_old=values["share_of_old"],
        own_share=values["own_share"],
        shared=values["shared"],
        longest=values["longest"],
        figures=values["figures"],
        names=values["names"],
        title=values["title"],
        apart=timedelta(seconds=values["apart_seconds"]),
    )
