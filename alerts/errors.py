"""What can go wrong between a story and a message, as one tree of errors.

AlertsError
├── TopicError               a topic pack cannot be used; names the file and the key
├── UnknownTopicError        an id that no pack has
├── RuleError                a rule cannot be used; names the rule
├── UnreadableContentError   the ledger holds a content that no kind here can read
├── BadSubscriptionError     a subscription that cannot be kept; names the field and the cure
└── BadTokenError            a link's token is forged, damaged or too old
"""

from storage.worded import Worded


class AlertsError(Worded):
    """Any expected failure of the alerts; the message says what to do."""


class TopicError(AlertsError):
    """A topic pack cannot be used."""


class UnknownTopicError(AlertsError):
    """A topic's id that no pack has."""


class RuleError(AlertsError):
    """A rule cannot be used."""


class UnreadableContentError(AlertsError):
    """The ledger holds a content that this version cannot read."""


class BadSubscriptionError(AlertsError):
    """A subscription was asked for that cannot be kept."""


class BadTokenError(AlertsError):
    """A link's token is forged, damaged or too old."""
