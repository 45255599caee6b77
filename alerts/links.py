"""The links a message carries back to the service."""

from dataclasses import dataclass
from datetime import datetime

from alerts.tokens import Purpose, TokenKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Makes links; `base_url` is the service's public address without a slash at its end."""

    base_url: str
    key: TokenKey

    def story(self, story_id: int) -> str:
        """Link to a story's page in the archive."""
        return f"{self.base_url}/stories/{story_id}"

    def confirm(self, subscription_id: str, *, now: datetime) -> str:
        """Link to the page that confirms a subscription."""
        return self._signed(Purpose.CONFIRM, subscription_id, now)

    def manage(self, subscription_id: str, *, now: datetime) -> str:
        """Link to the page where a subscriber changes, pauses or ends a subscription."""
        return self._signed(Purpose.MANAGE, subscription_id, now)

    def unsubscribe(self, subscription_id: str, *, now: datetime) -> str:
        """Link whose GET asks and whose POST unsubscribes (RFC 8058)."""
        return self._signed(Purpose.UNSUBSCRIBE, subscription_id, now)

    def feedback(self, subscription_id: str, story_id: int, *, now: datetime) -> str:
        """Link whose GET asks and whose POST says that an alert was not relevant."""
        return self._signed(Purpose.FEEDBACK, subscription_id, now, story_id)

    def code(self, subscription_id: str) -> str:
        """Return the code by which somebody in a chat confirms, such as K7QF-2M9X."""
        return self.key.code(subscription_id)

    def _signed(
        self, purpose: Purpose, subscription_id: str, now: datetime, story_id: int | None = None
    ) -> str:
        token = self.key.sign(purpose, subscription_id, now=now, story_id=story_id)
        return f"{self.base_url}/{purpose.value}/{token}"
