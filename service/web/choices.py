"""The closed choices a page can meet, by kind: each value needs its words in every catalogue."""

from collections.abc import Iterable, Mapping
from typing import Final

from alerts.topics import load_topics
from crawler.article import CreditKind
from crawler.diagnosis import Health
from crawler.outlets import Role, WayKind
from crawler.page import FailureKind
from service.web.accounts import Scope
from service.web.import_stage import Stage
from storage.audit import Act, Outcome
from storage.change_kind import ChangeKind
from storage.delivery import DeliveryKind, DeliveryState, Reason
from storage.evidence import Ground
from storage.facets import Facet
from storage.hubs import HubState
from storage.relations import Relation
from storage.search import Order
from storage.storyline import Happening
from storage.subscription import Rhythm, SubscriptionState

#: What a page says it has done, by the `done` it was sent on with.
RULING_DONE: Final = ("merged", "split", "rooted")
RULE_DONE: Final = ("saved", "silenced", "enabled", "judged")
SUBSCRIPTION_DONE: Final = ("changed", "paused", "resumed", "ended", "enabled")

#: Why the machine changed a story, as the archive keeps it.
_BECAUSE: Final = (
    "others name it as their source",
    "the earliest trusted time",
    "earlier ones only repeat a source they name",
    "its changed text is a copy of this story",
    "the whole text of which both are parts has come",
)

#: The fields of forms and addresses that an error can name.
_FIELDS: Final = (
    "address",
    "article",
    "bulletin time",
    "cap",
    "days",
    "id",
    "into",
    "outlet",
    "query",
    "quiet",
    "rule",
    "text",
    "why",
)

_TOPICS: Final = load_topics()

CHOICES: Final[Mapping[str, Iterable[str]]] = {
    "relation": Relation,
    "credit": CreditKind,
    "change": ChangeKind,
    "happening": Happening,
    "because": _BECAUSE,
    "ground": Ground,
    "state": DeliveryState,
    "delivery": DeliveryKind,
    "held": Reason,
    "role": Role,
    "rhythm": Rhythm,
    "subscription": SubscriptionState,
    "failure": FailureKind,
    "health": (*Health, "unknown"),
    "way": WayKind,
    "hub": HubState,
    "import": Stage,
    "order": Order,
    "facet": Facet,
    "ruling": RULING_DONE,
    "rule": RULE_DONE,
    "managed": SUBSCRIPTION_DONE,
    "topic": tuple(_TOPICS),
    "about": tuple(_TOPICS),
    "clause": sorted(
        {"query"} | {one.name for topic in _TOPICS.values() for one in topic.rule.clauses}
    ),
    "field": _FIELDS,
    "scope": Scope,
    "act": Act,
    "outcome": Outcome,
}
