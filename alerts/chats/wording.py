"""Cut a message to what is read in a chat; the services take 4,000 letters at most."""

from typing import Final

from alerts.phrases import phrase
from alerts.render import Envelope

_LENGTH: Final = 3000


def shortened(text: str, envelope: Envelope) -> str:
    """Return a text; of one that is too long its first whole lines, and where the rest is."""
    if len(text) <= _LENGTH:
        return text
    kept = text[:_LENGTH].rpartition("\n")[0] or text[:_LENGTH]
    rest = [phrase("The rest is in Rasad’s archive.", envelope.language)]
    rest += [envelope.manage_url] if envelope.manage_url else []
    return "\n".join((kept, "", *rest))
