"""What Bale would not show as it is; its addresses are read with Telegram's."""

from alerts.chats.address import without_mentions


def plain(text: str) -> str:
    """Keep a text from calling people, and from showing one address and leading to another."""
    return without_mentions(text).replace("](", "] (")
