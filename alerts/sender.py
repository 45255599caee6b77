"""Send one claimed delivery: read what it says, render it, hand it to its channel."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import assert_never

from alerts.chat import ChatMessage, SendsChats
from alerts.chats.wording import shortened
from alerts.content import from_json
from alerts.email import SendsMail
from alerts.links import Links
from alerts.message import Alert, Confirmation, Content, Notice
from alerts.mime import Mail, Sender, build
from alerts.outcome import Outcome, Refused
from alerts.payload import body_of
from alerts.render import Envelope, render
from alerts.webhook import Post, SendsPosts
from storage.delivery import Claimed, delivery_id, story_subject
from storage.subscription import Channel, Recipient, Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """What the service can send with; None for a channel that is not configured."""

    links: Links
    sender: Sender
    mail: SendsMail | None = None
    posts: SendsPosts | None = None
    chats: SendsChats | None = None


async def deliver(claimed: Claimed, channels: Channels, *, now: datetime) -> Outcome:
    """Send a claimed delivery once and say what became of it.

    An expected failure of the other side is a value. UnreadableContentError propagates.
    """
    content = from_json(claimed.content)
    match claimed.delivery.channel:
        case Channel.EMAIL:
            return await _mail(claimed, content, channels, now)
        case Channel.WEBHOOK:
            return await _post(claimed, content, channels, now)
        case Channel.CHAT:
            return await _chat(claimed, content, channels, now)
        case _:
            assert_never(claimed.delivery.channel)


async def _mail(claimed: Claimed, content: Content, channels: Channels, now: datetime) -> Outcome:
    if channels.mail is None:
        return Refused(error="no mail relay is configured; set the email settings")
    mail = compose_mail(claimed, content, channels.links, now=now)
    return await channels.mail.send(build(mail, channels.sender))


async def _post(claimed: Claimed, content: Content, channels: Channels, now: datetime) -> Outcome:
    if channels.posts is None:
        return Refused(error="webhooks are switched off in the settings")
    post = compose_post(claimed, content, channels.links, now=now)
    if not post.secrets:
        return Refused(error="the endpoint has no signing secret; renew it")
    return await channels.posts.send(post, now=now)


async def _chat(claimed: Claimed, content: Content, channels: Channels, now: datetime) -> Outcome:
    if channels.chats is None:
        return Refused(error="chats are switched off in the settings")
    return await channels.chats.send(compose_chat(claimed, content, channels.links, now=now))


def compose_mail(claimed: Claimed, content: Content, links: Links, *, now: datetime) -> Mail:
    """Put a delivery into the words of its mail."""
    envelope = _envelope(claimed, content, links, now)
    rendered = render(content, envelope)
    return Mail(
        to=claimed.recipient.address,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        delivery_id=claimed.delivery.id,
        language=envelope.language,
        thread=f"{claimed.subscription.id}/{content.story_id}"
        if isinstance(content, Alert)
        else None,
        answers=_answered(claimed, content),
        unsubscribe_url=envelope.unsubscribe_url,
        sent_at=now,
    )


def _answered(claimed: Claimed, content: Content) -> str | None:
    """Return the delivery an update follows up: the story's own alert to the same subscriber."""
    if not isinstance(content, Alert) or content.change is None:
        return None
    return delivery_id(claimed.subscription.id, story_subject(content.story_id), Channel.EMAIL)


def compose_post(claimed: Claimed, content: Content, links: Links, *, now: datetime) -> Post:
    """Put a delivery into the bytes of its webhook; they are the same whenever it is sent."""
    owed_at = claimed.delivery.owed_at
    return Post(
        url=claimed.recipient.address,
        message_id=claimed.delivery.id,
        body=body_of(
            content,
            owed_at=owed_at,
            feedback_url=partial(links.feedback, claimed.subscription.id, now=owed_at),
        ),
        secrets=secrets_of(claimed.recipient, now=now),
    )


def compose_chat(claimed: Claimed, content: Content, links: Links, *, now: datetime) -> ChatMessage:
    """Put a delivery into the words of a chat: those of the mail, cut to what is read there."""
    envelope = _envelope(claimed, content, links, now)
    rendered = render(content, envelope)
    return ChatMessage(
        url=claimed.recipient.secret or "",
        title=rendered.subject,
        text=shortened(rendered.text, envelope),
    )


def secrets_of(recipient: Recipient, *, now: datetime) -> tuple[str, ...]:
    """Return the secrets to sign with now: the current one, and the old one while it is rotated."""
    until = recipient.previous_secret_until_at
    previous = recipient.previous_secret if until is not None and until > now else None
    return tuple(secret for secret in (recipient.secret, previous) if secret)


def _envelope(claimed: Claimed, content: Content, links: Links, now: datetime) -> Envelope:
    """Address a content. Only a subscriber gets links that change the subscription.

    A confirmation goes to somebody who may never have asked, and a notice to an endpoint's owner.
    """
    subscription = claimed.subscription
    preferences = subscription.preferences
    if isinstance(content, Confirmation):
        return Envelope(
            language=preferences.language,
            name=preferences.name,
            confirm_url=_spoken(links.confirm(subscription.id, now=now), subscription),
            confirm_code=links.code(subscription.id)
            if subscription.recipient.channel is Channel.CHAT
            else None,
        )
    return Envelope(
        language=preferences.language,
        name=preferences.name,
        manage_url=_spoken(links.manage(subscription.id, now=now), subscription),
        feedback_url=partial(_feedback_url, subscription, links, now),
        waiting=claimed.waiting if isinstance(content, Alert) else 0,
        unsubscribe_url=None
        if isinstance(content, Notice)
        else _spoken(links.unsubscribe(subscription.id, now=now), subscription),
    )


def _feedback_url(subscription: Subscription, links: Links, now: datetime, story_id: int) -> str:
    return _spoken(links.feedback(subscription.id, story_id, now=now), subscription)


def _spoken(url: str, subscription: Subscription) -> str:
    """Let a link open in the language of the mail, whatever the installation's is."""
    return f"{url}?lang={subscription.preferences.language}"
