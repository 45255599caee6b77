"""The errors of the pages and the API that are the asker's to mend, each with its HTTP status."""

from service.errors import ServiceError


class RefusedError(ServiceError):
    """A request that is not carried out; `status` is the HTTP status, `title` its kind."""

    status: int = 400
    title: str = "bad_request"


class NotAllowedError(RefusedError):
    """The asker is known, or nobody in particular, and may not do this."""

    status = 403
    title = "not_allowed"


class NotKnownError(RefusedError):
    """A token or a session that says nobody."""

    status = 401
    title = "not_known"


class StaleFormError(RefusedError):
    """A form that this browser was not given, or too long ago."""

    status = 403
    title = "stale_form"


class BadFormError(RefusedError):
    """A field with a value nobody can act on."""

    status = 422
    title = "bad_form"


class ConflictError(RefusedError):
    """Something that cannot be done as things stand."""

    status = 409
    title = "bad_form"


class TooLargeError(RefusedError):
    """A form larger than anything a person sends."""

    status = 413
    title = "too_large"


class TooManyError(RefusedError):
    """More requests than one asker may send in a while."""

    status = 429
    title = "too_many"
