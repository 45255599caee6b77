"""The simulated press of Kerman: starts every outlet as a real HTTP server on loopback."""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from service.demo import hub
from service.demo.cast import HOSTILE_FILE, REDESIGNED, Member, Trouble, load_cast
from service.demo.chronicle import chronicle, notices
from service.demo.documents import Document, Table
from service.demo.expected import Expected, Subscriptions, expect, readable_posts
from service.demo.families import Posted
from service.demo.http import Request, Response, http_protocol
from service.demo.loopback import ADDRESS, Loopback
from service.demo.outlets import INTERVAL_MINUTES, PAUSE_SECONDS, outlet_toml, with_new_selectors
from service.demo.pieces import pieces_at
from service.demo.seed import seed_story
from service.demo.site import answer, key_of, posts_of, table_of
from service.demo.stories import load_stories
from service.demo.traffic import Asked
from service.demo.ways import every_way_in, ways_in


class Press:
    """All outlets of the cast on 127.0.0.1, each on its own port.

    `now` is the instant the stories are dated from; `ports` (outlet id → port) and `act` let a
    second run be the same press as the first. Nothing listens at a dead outlet's address.
    `seed_path` adds the pair of texts of `service.demo.seed`; `hostile` adds the outlets of
    hostile.toml, of which nothing is expected but that they do no harm; `archive_days` is how far
    back the archives of `service.demo.chronicle` reach, `notices_each` how many short notices of
    the last hours each outlet prints beside its stories.
    """

    def __init__(  # noqa: PLR0913 - each is one wish of one caller, with a default
        self,
        *,
        now: datetime,
        seed_path: Path | None = None,
        ports: Mapping[str, int] | None = None,
        act: int = 1,
        hostile: bool = False,
        archive_days: int = 0,
        notices_each: int = 0,
    ) -> None:
        self.now = now
        self.cast = load_cast() + (load_cast(HOSTILE_FILE) if hostile else ())
        everybody = tuple(member.id for member in self.cast)
        self.stories = load_stories() + chronicle(archive_days) + notices(everybody, notices_each)
        if seed_path is not None:
            self.stories += (seed_story(seed_path),)
        self.hub = hub.Hub()
        self._ports = dict(ports or {})
        self._act = act
        self._loopback = Loopback()
        self._tables: dict[str, Table] = {}
        self._posts: dict[str, tuple[Posted, ...]] = {}
        self._asked: list[Asked] = []
        self._times: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Open every outlet."""
        self._loopback.start()
        for member in self.cast:
            self._ports[member.id] = self._open(member)
        port = self._loopback.listen(http_protocol(self.hub.answer))
        self.cast = tuple(
            replace(member, hub_url=f"http://{ADDRESS}:{port}{hub.PATH}")
            if member.has_hub
            else member
            for member in self.cast
        )
        self._print()

    def stop(self) -> None:
        """Close every outlet; the request log stays readable."""
        self._loopback.stop()

    @property
    def act(self) -> int:
        """Which act is on: 1 until `advance`."""
        return self._act

    @property
    def ports(self) -> Mapping[str, int]:
        """The port of each outlet, to give to the next run."""
        return dict(self._ports)

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Every request so far, in order of arrival."""
        with self._lock:
            return tuple(self._asked)

    @property
    def posts(self) -> tuple[Posted, ...]:
        """Every article now on a site, by outlet, newest first."""
        return tuple(each for posts in self._posts.values() for each in posts)

    @property
    def unread(self) -> tuple[Posted, ...]:
        """Every article that can be read and that nobody has asked for yet."""
        asked = {(each.outlet_id, each.path) for each in self.asked}
        return tuple(
            post
            for post in readable_posts(self.cast, self.posts)
            if asked.isdisjoint(
                {(post.piece.outlet_id, way) for way in (post.path, post.short_path)}
            )
        )

    def origin(self, outlet_id: str) -> str:
        """Return scheme, host and port of an outlet."""
        return f"http://{ADDRESS}:{self._ports[outlet_id]}"

    def advance(self, step: int = 1) -> None:
        """Go to the next act: corrections, completions and late originals appear, hubs tell."""
        self._act += step
        before = self._feeds()
        self._print()
        for topic, content in self._feeds().items():
            if content != before[topic]:
                self.hub.publish(topic, content)

    def expected(self, subscriptions: Subscriptions) -> Expected:
        """Say what must happen by now when each recipient follows the given topics."""
        return expect(
            self.cast, self.stories, self.posts, subscriptions=subscriptions, now=self.now
        )

    def redesign(self, outlet_id: str) -> None:
        """Give an outlet new markup at its old addresses: its profile no longer fits."""
        self.cast = tuple(
            replace(member, look=REDESIGNED) if member.id == outlet_id else member
            for member in self.cast
        )
        self._print()

    def trouble(self, outlet_id: str, trouble: Trouble) -> None:
        """Let something befall an outlet, or let it recover (`Trouble.NONE`).

        `Trouble.DEAD` closes its port until it recovers.
        """
        before = next(member for member in self.cast if member.id == outlet_id)
        after = replace(before, trouble=trouble)
        self.cast = tuple(after if member is before else member for member in self.cast)
        if Trouble.DEAD in {before.trouble, trouble} and before.trouble is not trouble:
            self._open_or_shut(after)
        self._print()

    def outlet_directory(
        self,
        folder: Path,
        *,
        pause_seconds: float = PAUSE_SECONDS,
        interval_minutes: tuple[float, float] = INTERVAL_MINUTES,
        every_way: bool = False,
        knows_redesign: bool = False,
    ) -> Path:
        """Write one TOML file per outlet into `folder` and return it.

        `every_way` names all ways in that a site has, not those of the cast; `knows_redesign` lays
        selectors that fit the new markup over the profiles of redesigned outlets.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for member in self.cast:
            text = outlet_toml(
                with_new_selectors(member) if knows_redesign else member,
                self.origin(member.id),
                ways=every_way_in(member) if every_way else ways_in(member),
                pause_seconds=pause_seconds,
                interval_minutes=interval_minutes,
            )
            (folder / f"{member.id}.toml").write_text(text, encoding="utf-8")
        return folder

    def _open(self, member: Member) -> int:
        port = self._ports.get(member.id, 0)
        if member.trouble is Trouble.DEAD:
            return self._loopback.reserve(port)
        return self._loopback.listen(
            http_protocol(lambda request: self._answer(member.id, request)), port
        )

    def _open_or_shut(self, member: Member) -> None:
        port = self._ports[member.id]
        if member.trouble is Trouble.DEAD:
            self._loopback.shut(port)
            self._loopback.reserve(port)
        else:
            self._loopback.release(port)
            self._open(member)

    def _print(self) -> None:
        """Print all sites anew for the current act."""
        pieces = pieces_at(self.stories, self.cast, act=self._act, now=self.now)
        for member in self.cast:
            origin = self.origin(member.id)
            posts = posts_of(member, pieces, origin)
            self._posts[member.id] = posts
            self._tables[member.id] = table_of(member, posts, origin, self.now)

    def _feeds(self) -> dict[str, bytes]:
        """Return what the feeds with a hub say now, by their address."""
        feeds = {}
        for member in self.cast:
            feed = self._tables[member.id].get(member.feed_path)
            if member.has_hub and isinstance(feed, Document):
                feeds[self.origin(member.id) + member.feed_path] = feed.body
        return feeds

    def _answer(self, outlet_id: str, request: Request) -> Response:
        at = datetime.now(UTC)
        member = next(each for each in self.cast if each.id == outlet_id)
        if member.trouble is Trouble.DEAD:
            return Response(is_silent=True)  # over a connection from before its death
        key = key_of(request)
        times = self._times[member.id, request.path]
        response = answer(member, self._tables[member.id], request, times=times)
        headers = request.headers
        asked = Asked(
            outlet_id=member.id,
            path=key,
            status=response.status,
            user_agent=headers.get("user-agent", ""),
            is_conditional="if-none-match" in headers or "if-modified-since" in headers,
            at=at,
            until_at=at + timedelta(seconds=response.delay_seconds),
        )
        with self._lock:
            self._times[member.id, request.path] += 1
            self._asked.append(asked)
        return response
