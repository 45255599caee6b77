"""What can go wrong in the archive, as one tree of errors.

    StorageError
    ├── UnsupportedUrlError     the database URL names a database Rasad does not speak
    ├── UnusableFolderError     the folder of the archive cannot be made or written
    ├── UnreachableError        the database server does not answer
    ├── BusyError               another writer kept the archive longer than the patience
    ├── FullError               no room left on the disk, or the disk refuses
    ├── CorruptError            the file is not an archive or is damaged
    ├── SchemaError
    │   ├── NewerSchemaError    written by a later release
    │   └── MissingSchemaError  never migrated, or an older release's
    ├── UnknownRecordError      an id that names nothing in the archive
    ├── UnreadableRecordError   a stored record whose form this release cannot read
    ├── MoveError               a copy to another database cannot go on, or does not add up
    ├── MissingLibraryError     what is asked for needs an extra that is not installed
    └── BackupError             a backup cannot be made, or is no archive

`permanent` tells whether the same call can succeed later without anybody touching Rasad.
"""

from typing import ClassVar

from storage.worded import Worded


class StorageError(Worded):
    """Any expected failure of the archive; the message says what to do."""

    permanent: ClassVar[bool] = True


class UnsupportedUrlError(StorageError):
    """The database URL names a database Rasad does not speak."""


class UnusableFolderError(StorageError):
    """The folder of the archive cannot be made or written; over once it can."""

    permanent = False


class UnreachableError(StorageError):
    """The database server does not answer; asking again later may help."""

    permanent = False


class BusyError(StorageError):
    """Another writer kept the archive longer than the patience; asking again later helps."""

    permanent = False


class FullError(StorageError):
    """No room left on the disk, or the disk refuses; over once there is room."""

    permanent = False


class CorruptError(StorageError):
    """The file is not an archive or is damaged."""


class SchemaError(StorageError):
    """The tables are not those of this release."""


class NewerSchemaError(SchemaError):
    """The archive was written by a later release of Rasad."""


class MissingSchemaError(SchemaError):
    """The archive was never migrated, or only by an older release."""


class UnknownRecordError(StorageError):
    """An id that names nothing in the archive."""


class UnreadableRecordError(StorageError):
    """A stored record whose form this release cannot read."""


class MoveError(StorageError):
    """A copy of an archive to another database cannot go on, or does not add up."""


class BackupError(StorageError):
    """A backup cannot be made, or the file given is no archive."""


class MissingLibraryError(StorageError):
    """What is asked for needs an extra that is not installed; the message names it."""
