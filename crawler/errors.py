"""Every error the crawler raises, as one tree.

CrawlerError
├── CatalogueError          an outlet or profile file is wrong (all its problems, one a line)
├── RequestError            one address gave no page; `crawler.fetch` turns it into a Failure
│   ├── BadAddressError         not an http(s) address
│   ├── ForbiddenAddressError   the guard refuses where the name points
│   ├── NameLookupError         the name does not resolve
│   ├── ConnectionRefused       nothing listens, or no way there
│   ├── CertificateError        the TLS handshake failed
│   ├── ConnectionReset         the answer was cut short or is not HTTP
│   ├── TookTooLong             a time limit passed
│   └── HostWantsPeace          it asked by Retry-After to be left alone for longer than one waits
└── ContentError            bytes came, but not ones that may be read
    ├── TooLargeError           above the size limit, as sent or inflated
    ├── BadEncodingError        an encoding that was not asked for, stacked, or torn
    ├── NotAFeedError           HTML or anything else where a feed was expected
    ├── BrokenFeedError         a feed of which nothing could be read
    └── BrokenSitemapError      a sitemap or a list of posts of which nothing could be read
"""

from datetime import timedelta
from typing import ClassVar

from crawler.page import FailureKind


class CrawlerError(Exception):
    """The root: anything the crawler reports on purpose."""

    permanent: ClassVar[bool] = False


class CatalogueError(CrawlerError):
    """Outlet or profile files are wrong; `problems` has one line for each, naming file and key."""

    permanent = True

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class RequestError(CrawlerError):
    """One address gave no page, for a reason named by `kind`."""

    kind: ClassVar[FailureKind]


class BadAddressError(RequestError):
    """The text is not an address that can be asked for."""

    kind = FailureKind.FORBIDDEN_ADDRESS
    permanent = True


class ForbiddenAddressError(RequestError):
    """The name points at an address nobody allowed."""

    kind = FailureKind.FORBIDDEN_ADDRESS
    permanent = True


class NameLookupError(RequestError):
    """The host's name does not resolve."""

    kind = FailureKind.DNS


class ConnectionRefused(RequestError):  # noqa: N818 - reads as what happened
    """Nothing listens there, or there is no way to it."""

    kind = FailureKind.REFUSED


class CertificateError(RequestError):
    """The TLS handshake failed."""

    kind = FailureKind.TLS


class ConnectionReset(RequestError):  # noqa: N818 - reads as what happened
    """The connection ended, or what came was not HTTP."""

    kind = FailureKind.RESET


class TookTooLong(RequestError):  # noqa: N818 - reads as what happened
    """A time limit passed."""

    kind = FailureKind.TIMEOUT


class HostWantsPeace(RequestError):  # noqa: N818 - reads as what happened
    """The host asked to be left alone; `wait` says for how long still."""

    kind = FailureKind.HTTP_STATUS

    def __init__(self, host: str, wait: timedelta) -> None:
        super().__init__(f"{host} wants no request for {wait}")
        self.wait = wait


class ContentError(CrawlerError):
    """Bytes came, but not ones that may be read."""

    kind: ClassVar[FailureKind]


class TooLargeError(ContentError):
    """The answer is above the size limit, as sent or once inflated."""

    kind = FailureKind.TOO_LARGE


class BadEncodingError(ContentError):
    """The content encoding was not asked for, is stacked, or is torn."""

    kind = FailureKind.BAD_ENCODING


class NotAFeedError(ContentError):
    """What was served is no feed at all."""

    kind = FailureKind.NOT_A_FEED


class BrokenFeedError(ContentError):
    """It is a feed, and nothing of it could be read."""

    kind = FailureKind.BROKEN_FEED


class BrokenSitemapError(ContentError):
    """It should be a sitemap or a list of posts, and nothing of it could be read."""

    kind = FailureKind.BROKEN_SITEMAP
