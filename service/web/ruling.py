"""Carry out a person's rulings on stories, for the pages and the API alike."""

from collections.abc import Collection

from service.house import House
from service.web.refusal import BadFormError, ConflictError
from storage import rulings
from storage.errors import UnknownRecordError
from storage.members import members_of
from storage.storyline import get_story


class Ruling:
    """Merges, splits and re-roots; what a person decided, the machine never undoes."""

    def __init__(self, house: House) -> None:
        self._house = house

    def merge(self, story_id: int, into: int, *, by_whom: str, why: str) -> int:
        """Merge a story into another; return the one that stands."""
        if into == story_id:
            raise ConflictError("a story cannot be merged into itself; name another one")
        with self._house.database.write() as connection:
            rulings.merge(
                connection,
                story_id,
                into=into,
                by_whom=by_whom,
                why=why,
                roles=self._house.outlets,
                now=self._house.clock(),
            )
            return rulings.standing_story(connection, into).id

    def split(self, story_id: int, article_ids: Collection[int], *, by_whom: str, why: str) -> int:
        """Split articles off a story; return the new one."""
        if not article_ids:
            raise BadFormError("tick at least one text to take out")
        try:
            with self._house.database.write() as connection:
                story = get_story(connection, story_id)
                own = {one.article_id for one in members_of(connection, story.id)}
                if not set(article_ids) <= own:
                    raise ConflictError(
                        "story {story} does not hold all of these texts", story=story_id
                    )
                return rulings.split(
                    connection,
                    article_ids,
                    by_whom=by_whom,
                    why=why,
                    roles=self._house.outlets,
                    now=self._house.clock(),
                )
        except ValueError:
            raise ConflictError("leave at least one text in the story") from None

    def root(self, story_id: int, article_id: int, *, by_whom: str, why: str) -> None:
        """Name a story's original."""
        with self._house.database.write() as connection:
            get_story(connection, story_id)
            try:
                rulings.root_by_hand(
                    connection,
                    story_id,
                    original_article_id=article_id,
                    by_whom=by_whom,
                    why=why,
                    now=self._house.clock(),
                )
            except UnknownRecordError as error:
                raise ConflictError(error.sentence, **error.values) from None
