"""Read Rasad's settings: rasad.toml, then RASAD_* variables, then secrets from files.

A setting `smtp.host` of the file is `RASAD_SMTP__HOST` in the environment; any variable whose name
ends in `_FILE` names a file whose content, stripped, is the value (Docker and systemd secrets).
"""

import os
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from alerts.chats.address import ChatKind
from alerts.chats.reading import ENDPOINTS, ChatRules
from service.errors import SettingsError

PREFIX: Final = "RASAD_"
DEFAULT_FILE: Final = "rasad.toml"

Port = Annotated[int, Field(ge=0, le=65535)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class WebSettings(_Section):
    """Where the pages and the API answer."""

    host: str = "127.0.0.1"
    """The address to listen on."""
    port: Port = 8765
    """The port; 0 takes any free one."""
    public_url: str | None = None
    """What links in mails and callbacks of hubs begin with, such as `https://rasad.example.ir`."""


class SmtpSettings(_Section):
    """The relay that takes the mails."""

    host: str | None = None
    """The relay's name; without one, email deliveries wait in the ledger."""
    port: Port = 587
    """The relay's port."""
    security: Literal["none", "starttls", "tls"] = "starttls"
    """How the connection is encrypted."""
    username: str | None = None
    """Who logs in, if the relay asks."""
    password: SecretStr | None = None
    """The password; better as `RASAD_SMTP__PASSWORD_FILE`."""
    sender: str = "Rasad <rasad@localhost>"
    """Who the mails come from; its domain stands in every Message-ID and should never change."""
    messages_per_minute: Annotated[int, Field(ge=1)] = 300
    """How fast the relay may be used."""
    connections: Annotated[int, Field(ge=1, le=50)] = 4
    """How many connections to the relay are used at the same time."""


class FetchSettings(_Section):
    """Bounds of one request, and who we say we are."""

    contact: str = "rasad@localhost"
    """An address to complain to; stands in the user agent."""
    timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 30
    """How long one address may take with all its redirects."""
    max_bytes: Annotated[int, Field(ge=10_000)] = 6_000_000
    """How large an answer may be, inflated."""
    max_redirects: Annotated[int, Field(ge=0, le=10)] = 5
    """How many redirects are followed, each checked anew."""

    @property
    def time_limit(self) -> timedelta:
        """The bound of one address with its redirects."""
        return timedelta(seconds=self.timeout_seconds)


class CrawlSettings(_Section):
    """Which outlets are read, and how often the tick looks."""

    outlet_folders: tuple[Path, ...] = ()
    """Folders of outlet files of your own; one with the id of a shipped outlet replaces it."""
    shipped_catalogue: bool = True
    """Whether the outlets that come with Rasad are read."""
    only: tuple[str, ...] = ()
    """Read only these outlets, by id."""
    names_files: tuple[Path, ...] = ()
    """Files of names as printed in credits, added to the shipped one."""
    hosts_at_once: Annotated[int, Field(ge=1, le=500)] = 16
    """How many hosts are visited at the same time; each gets one request at a time."""
    tick_seconds: Annotated[float, Field(ge=0.2, le=3600)] = 5
    """How often due outlets are looked for."""
    articles_per_visit: Annotated[int, Field(ge=1, le=10_000)] = 60
    """How many pages one visit reads at most; the rest waits for the next."""
    websub: bool = True
    """Whether hubs that feeds offer are asked to tell of news; needs `web.public_url`."""


class AlertSettings(_Section):
    """When a story is too old to alert at once, and where webhooks may go."""

    max_age_hours: Annotated[float, Field(gt=0)] = 48
    """Older stories are held in the ledger as too old, never sent at once."""
    allow_private: tuple[str, ...] = ()
    """Private addresses webhooks may reach, such as `10.0.0.5/32`; none by default."""
    tick_seconds: Annotated[float, Field(ge=0.2, le=3600)] = 2
    """How often due deliveries are looked for."""


class ChatsSettings(_Section):
    """Chats that can be subscribed, with the extra `channels` installed."""

    hosts: tuple[str, ...] = ("ntfy.sh",)
    """Servers of Mattermost and ntfy that a subscription may name; no other is spoken to."""
    slack_endpoint: str = ENDPOINTS[ChatKind.SLACK]
    """Where Slack takes incoming webhooks, or a mirror of it."""
    telegram_endpoint: str = ENDPOINTS[ChatKind.TELEGRAM]
    """Where the bots of Telegram are spoken to, or a mirror of it."""
    bale_endpoint: str = ENDPOINTS[ChatKind.BALE]
    """Where the bots of Bale are spoken to."""

    @property
    def rules(self) -> ChatRules:
        """What the reading of a chat's address has to know."""
        endpoints = {
            ChatKind.SLACK: self.slack_endpoint.rstrip("/"),
            ChatKind.TELEGRAM: self.telegram_endpoint.rstrip("/"),
            ChatKind.BALE: self.bale_endpoint.rstrip("/"),
        }
        return ChatRules(hosts=self.hosts, endpoints=endpoints)


class WorkerSettings(_Section):
    """This process among others."""

    id: str = "rasad-1"
    """A name that stays across restarts; two workers must not share one."""
    heartbeat_seconds: Annotated[float, Field(ge=1)] = 10
    """How often the worker says that it lives."""
    adopt_after_seconds: Annotated[float, Field(ge=5)] = 40
    """Others take over the work of a worker that was silent for so long."""


class PagesSettings(_Section):
    """Whether fetched pages are kept as WARC, and for how long."""

    keep: bool = True
    """Whether they are kept; `rasad reparse` needs them."""
    retention_days: Annotated[int, Field(ge=1)] = 90
    """After how many days a file of kept pages is deleted."""


class AuditSettings(_Section):
    """How long the audit log is kept: who changed what on the pages, the API, the commands."""

    retention_days: Annotated[int, Field(ge=1)] = 400
    """After how many days an act is forgotten."""


class TelemetrySettings(_Section):
    """Where traces go, if anywhere; needs `rasad[telemetry]`."""

    endpoint: str | None = None
    """A collector's address for OTLP over HTTP, such as `http://127.0.0.1:4318/v1/traces`."""


class Settings(_Section):
    """All settings of one installation. Every field has a default that works on one machine."""

    data_folder: Path = Path("data")
    """Where the archive, the engine's file, kept pages and the accounts lie."""
    database_url: SecretStr | None = None
    """`postgresql+psycopg://…` for PostgreSQL; SQLite in the data folder by default."""
    language: Literal["fa", "en"] = "fa"
    """The language of the pages, where a reader has not chosen another."""
    log_format: Literal["console", "json"] = "console"
    """Log lines for people, or JSON for machines."""
    web: WebSettings = WebSettings()
    smtp: SmtpSettings = SmtpSettings()
    fetch: FetchSettings = FetchSettings()
    crawl: CrawlSettings = CrawlSettings()
    alerts: AlertSettings = AlertSettings()
    chats: ChatsSettings = ChatsSettings()
    worker: WorkerSettings = WorkerSettings()
    pages: PagesSettings = PagesSettings()
    audit: AuditSettings = AuditSettings()
    telemetry: TelemetrySettings = TelemetrySettings()

    @property
    def archive_url(self) -> str:
        """The archive's database: `database_url`, else SQLite in the data folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.data_folder / 'rasad.sqlite').absolute()}"

    @property
    def engine_url(self) -> str:
        """The engine's own database; SQLite files stay apart, PostgreSQL gets its own schema."""
        if self.is_sqlite:
            return f"sqlite:///{(self.data_folder / 'engine.sqlite').absolute()}"
        return self.archive_url

    @property
    def is_sqlite(self) -> bool:
        """Whether one process owns everything."""
        return self.archive_url.startswith("sqlite")

    @property
    def public_url(self) -> str:
        """Where a subscriber's links point to."""
        return (self.web.public_url or f"http://{self.web.host}:{self.web.port}").rstrip("/")

    @property
    def max_age(self) -> timedelta:
        """Stories older than this are held, never sent at once."""
        return timedelta(hours=self.alerts.max_age_hours)


def load_settings(
    file: Path | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings; raise SettingsError naming file or variable, key and reason.

    Without `file`, rasad.toml in the working folder is read when it exists. Relative paths in a
    file are taken from its folder. Idempotent.
    """
    environment = os.environ if environment is None else environment
    path = file or Path(environment.get("RASAD_SETTINGS", DEFAULT_FILE))
    values = _from_file(path, required=file is not None or "RASAD_SETTINGS" in environment)
    _resolve_paths(values, path.absolute().parent)
    origins = dict.fromkeys(_leaves(values), str(path))
    for name, keys, value in _from_environment(environment):
        _put(values, keys, value, name)
        origins[".".join(keys)] = name
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_describe(error, origins, str(path))) from None


def _from_file(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if required:
            raise SettingsError(
                f"{path}: no such file; write one or leave --settings away"
            ) from None
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from None


def _from_environment(environment: Mapping[str, str]) -> list[tuple[str, list[str], Any]]:
    found = []
    for name, value in sorted(environment.items()):
        if not name.startswith(PREFIX) or name == "RASAD_SETTINGS":
            continue
        is_file = name.endswith("_FILE")
        key = name.removeprefix(PREFIX).removesuffix("_FILE" if is_file else "")
        keys = [part.lower() for part in key.split("__")]
        found.append((name, keys, _as_value(_read_secret(name, value) if is_file else value)))
    return found


def _resolve_paths(values: dict[str, Any], folder: Path) -> None:
    """Take the relative paths of a file from where the file stands, not from where we stand."""
    crawl = values.get("crawl")
    if isinstance(values.get("data_folder"), str):
        values["data_folder"] = folder / values["data_folder"]
    for key in ("outlet_folders", "names_files"):
        if isinstance(crawl, dict) and isinstance(crawl.get(key), list):
            crawl[key] = [folder / one if isinstance(one, str) else one for one in crawl[key]]


def _read_secret(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{name}: the file {path} cannot be read: {error.strerror}") from None


def _as_value(text: str) -> object:
    """Read a list as TOML writes it; everything else is the text itself."""
    if text.startswith("["):
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            return text
    return text


def _put(values: dict[str, Any], keys: list[str], value: object, name: str) -> None:
    for key in keys[:-1]:
        inner = values.setdefault(key, {})
        if not isinstance(inner, dict):
            raise SettingsError(f"{name}: {key} is not a section")
        values = inner
    values[keys[-1]] = value


def _leaves(values: Mapping[str, Any], prefix: str = "") -> list[str]:
    names = []
    for key, value in values.items():
        path = f"{prefix}{key}"
        names += _leaves(value, f"{path}.") if isinstance(value, dict) else [path]
    return names


def _describe(error: ValidationError, origins: Mapping[str, str], file: str) -> str:
    lines = []
    for problem in error.errors(include_url=False, include_input=False):
        key = ".".join(str(part) for part in problem["loc"])
        origin = next(
            (origins[name] for name in (key, key.rsplit(".", 1)[0]) if name in origins), file
        )
        reason = problem["msg"]
        if problem["type"] == "extra_forbidden":
            reason = "no such setting" + _did_you_mean(problem["loc"])
        lines.append(f"{origin}: {key}: {reason}")
    return "\n".join(lines)


def _did_you_mean(location: tuple[int | str, ...]) -> str:
    model: type[BaseModel] = Settings
    for part in location[:-1]:
        annotation = model.model_fields[str(part)].annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            model = annotation
    close = get_close_matches(str(location[-1]), model.model_fields, n=1)
    return f"; did you mean {close[0]}?" if close else f"; known: {', '.join(model.model_fields)}"
