"""Keep who may sign in and which tokens programs carry, in one file of the data folder.

Passwords are kept as Argon2id hashes, tokens as SHA-256 of 256 random bits; neither can be read
back.
"""

import hashlib
import hmac
import json
import os
import re
import secrets
import threading
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from service.web.refusal import BadFormError

FILE: Final = "accounts.json"
TOKEN_PREFIX: Final = "rasad_"  # noqa: S105 - what a token begins with, so that leaks are found

#: OWASP's first choice for Argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
#: What an unknown name is checked against: it takes as long as a wrong password.
_NOBODYS: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
_LEAST_LETTERS: Final = 10
_NAME: Final = re.compile(r"[\w.@-]{1,80}")


class Role(StrEnum):
    """What a person may do; each role includes the ones before it."""

    READER = "reader"
    EDITOR = "editor"
    ADMIN = "admin"


class Scope(StrEnum):
    """One thing that needs permission; reading the archive needs none."""

    EXPORT = "export"  # heavy work: exports, dry runs, pickup
    STORIES = "stories"  # merge, split, re-root
    RULES = "rules"  # save and silence rules, give feedback
    SUBSCRIPTIONS = "subscriptions"  # see and change who is told what
    DELIVERIES = "deliveries"  # see the ledger's addresses, owe a delivery again
    OUTLETS = "outlets"  # ask for a visit now
    AUDIT = "audit"  # see who changed what


_READER: Final = frozenset({Scope.EXPORT})
_EDITOR: Final = _READER | {Scope.STORIES, Scope.RULES, Scope.OUTLETS}
SCOPES: Final = {Role.READER: _READER, Role.EDITOR: _EDITOR, Role.ADMIN: frozenset(Scope)}


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may sign in."""

    name: str
    role: Role
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a program carries; `digest` is all that is kept of it."""

    name: str
    scopes: frozenset[Scope]
    digest: str
    made_at: datetime


class Accounts:
    """The users and tokens of one data folder; another process's changes are seen at once."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._lock = threading.Lock()

    def users(self) -> tuple[User, ...]:
        """Return everybody who may sign in, by name."""
        return tuple(
            User(name=name, role=Role(row["role"]), password=row["password"])
            for name, row in sorted(self._read()["users"].items())
        )

    def has_admin(self) -> bool:
        """Tell whether somebody may administer."""
        return any(user.role is Role.ADMIN for user in self.users())

    def add_user(self, name: str, role: Role, password: str) -> User:
        """Add somebody, or give them another role and password."""
        if not _NAME.fullmatch(name):
            raise BadFormError(
                "«{given}» is no name; use letters, digits and . _ @ -", given=name[:40]
            )
        if len(password) < _LEAST_LETTERS:
            raise BadFormError(
                "give the password at least {least} characters", least=_LEAST_LETTERS
            )
        user = User(name=name, role=role, password=_HASHER.hash(password))
        with self._lock:
            kept = self._read()
            row = asdict(user)
            del row["name"]
            kept["users"][name] = row
            self._write(kept)
        return user

    def remove_user(self, name: str) -> bool:
        """Let somebody in no more; return whether they were known. Their sessions end."""
        return self._remove("users", name)

    def check(self, name: str, password: str) -> User | None:
        """Return who this is, None when name or password is wrong; both take the same time."""
        found = self.find_user(name)
        try:
            _HASHER.verify(found.password if found else _NOBODYS, password)
        except VerifyMismatchError:
            return None
        return found

    def find_user(self, name: str) -> User | None:
        """Return the user of this name."""
        return next((user for user in self.users() if user.name == name), None)

    def issue(self, name: str, scopes: frozenset[Scope], *, now: datetime) -> str:
        """Make a token and return it; it is shown this once."""
        if not _NAME.fullmatch(name) or not scopes:
            raise BadFormError("a token needs a name of letters and digits, and a scope")
        text = TOKEN_PREFIX + secrets.token_urlsafe(32)
        with self._lock:
            kept = self._read()
            kept["tokens"][name] = {
                "scopes": sorted(scopes),
                "digest": _digest(text),
                "made_at": now.isoformat(),
            }
            self._write(kept)
        return text

    def revoke(self, name: str) -> bool:
        """Make a token worthless; return whether there was one of this name."""
        return self._remove("tokens", name)

    def tokens(self) -> tuple[Token, ...]:
        """Return the tokens by name."""
        return tuple(
            Token(
                name=name,
                scopes=frozenset(Scope(scope) for scope in row["scopes"]),
                digest=row["digest"],
                made_at=datetime.fromisoformat(row["made_at"]),
            )
            for name, row in sorted(self._read()["tokens"].items())
        )

    def find_token(self, text: str) -> Token | None:
        """Return what a token allows, None for one that was never issued or is revoked."""
        digest = _digest(text)
        found = (token for token in self.tokens() if hmac.compare_digest(token.digest, digest))
        return next(found, None)

    def _remove(self, kind: str, name: str) -> bool:
        with self._lock:
            kept = self._read()
            was_known = kept[kind].pop(name, None) is not None
            self._write(kept)
        return was_known

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            kept: dict[str, dict[str, Any]] = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {"users": {}, "tokens": {}}
        return kept

    def _write(self, kept: dict[str, dict[str, Any]]) -> None:
        """Replace the file whole, readable by its owner only."""
        fresh = self._file.with_suffix(f".{os.getpid()}.new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")
        fresh.replace(self._file)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
