"""What can go wrong when Rasad is assembled and run.

ServiceError
├── SettingsError        a setting has a value nobody can act on
├── FolderBusyError      another daemon owns the data folder
├── FolderError          the data folder cannot be written
├── PortBusyError        the web address is taken
├── UnknownNameError     an outlet, rule, topic or subscription nobody knows
├── NotImportedError     a page of a collection that gives no article
└── DemoFailedError      the demo did not show what it promises
"""

from storage.worded import Worded


class ServiceError(Worded):
    """Root of the service's errors: one line that names the place and what to do."""


class SettingsError(ServiceError):
    """A setting has a value nobody can act on."""


class FolderBusyError(ServiceError):
    """Another daemon owns the data folder."""


class FolderError(ServiceError):
    """The data folder cannot be written."""


class PortBusyError(ServiceError):
    """The web address is taken."""


class UnknownNameError(ServiceError):
    """An outlet, rule, topic or subscription nobody knows."""


class NoPastError(ServiceError):
    """An outlet whose file names no way into its past."""


class QuestionError(ServiceError):
    """A query that cannot be read; the message shows the place with a caret."""


class NotImportedError(ServiceError):
    """A page of a collection that gives no article here."""


class DemoFailedError(ServiceError):
    """The demo did not show what it promises."""
