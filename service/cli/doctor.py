"""`rasad doctor`: examine the installation and say, matter by matter, what to do."""

import socket
from collections.abc import Iterator
from pathlib import Path

import click

from alerts.errors import AlertsError
from alerts.topics import load_topics
from crawler.errors import CrawlerError
from service.cli.opening import settings_of
from service.cli.screen import screen, table
from service.errors import ServiceError
from service.house import catalogue
from service.settings import Settings
from storage.check import Finding, Verdict, examine, examine_folder
from storage.database import Database
from storage.errors import StorageError

KNOCK_SECONDS = 5.0


@click.command("doctor")
@click.option("--deep", is_flag=True, help="Read every page of a SQLite archive.")
@click.pass_context
def command(context: click.Context, *, deep: bool) -> int:
    """Examine settings, folder, archive, outlets, topics and the mail relay. Changes nothing."""
    findings = [
        Finding(what="settings", verdict=Verdict.GOOD, detail="every value can be used"),
        *_findings(settings_of(context), deep=deep),
    ]
    rows = [(one.verdict.value, one.what, one.detail) for one in findings]
    screen().print(table("the doctor's findings", ("", "what", "seen"), rows))
    return 1 if any(one.verdict is Verdict.BAD for one in findings) else 0


def _findings(settings: Settings, *, deep: bool) -> Iterator[Finding]:
    yield from _folder(settings.data_folder)
    try:
        yield from _archive(settings, deep=deep)
    except StorageError as error:
        yield Finding(what="archive", verdict=Verdict.BAD, detail=str(error))
    yield _outlets(settings)
    yield _topics()
    yield _relay(settings)


def _folder(folder: Path) -> tuple[Finding, ...]:
    if folder.is_dir():
        return examine_folder(folder)
    if folder.exists():
        detail = f"{folder} is no folder; set data_folder to another"
        return (Finding(what="folder", verdict=Verdict.BAD, detail=detail),)
    detail = f"{folder.absolute()} is not there yet; the first start makes it"
    return (Finding(what="folder", verdict=Verdict.WARNING, detail=detail),)


def _archive(settings: Settings, *, deep: bool) -> tuple[Finding, ...]:
    database = Database.open(settings.archive_url, makes_folder=False)
    try:
        return examine(database, deep=deep)
    finally:
        database.close()


def _outlets(settings: Settings) -> Finding:
    try:
        found = catalogue(settings)
    except (CrawlerError, ServiceError) as error:
        return Finding(what="outlets", verdict=Verdict.BAD, detail=str(error))
    return Finding(what="outlets", verdict=Verdict.GOOD, detail=f"{len(found)} files are right")


def _topics() -> Finding:
    try:
        found = load_topics()
    except AlertsError as error:
        return Finding(what="topics", verdict=Verdict.BAD, detail=str(error))
    return Finding(what="topics", verdict=Verdict.GOOD, detail=", ".join(found))


def _relay(settings: Settings) -> Finding:
    host, port = settings.smtp.host, settings.smtp.port
    if host is None:
        detail = "none is set (smtp.host): email deliveries wait in the ledger"
        return Finding(what="mail relay", verdict=Verdict.WARNING, detail=detail)
    try:
        with socket.create_connection((host, port), timeout=KNOCK_SECONDS):
            return Finding(what="mail relay", verdict=Verdict.GOOD, detail=f"{host}:{port} answers")
    except OSError as error:
        detail = f"{host}:{port} does not answer ({error}); set smtp.host and smtp.port"
        return Finding(what="mail relay", verdict=Verdict.BAD, detail=detail)
