"""`rasad visit`: give one outlet its turn now, beside no daemon or with it stopped."""

import asyncio
from datetime import UTC

import click

from service import pipeline
from service.cli.auditing import fail, into, recording
from service.cli.opening import bring_up_to_date, settings_of
from service.cli.run import lock_name
from service.folder import owned
from service.house import House, open_house, reaching
from service.reports import VisitReport
from storage import outlet_states


@click.command("visit")
@click.argument("outlet_id", metavar="OUTLET")
@click.pass_context
def command(context: click.Context, outlet_id: str) -> int:
    """Visit one outlet now and say what came of it. What it owes is sent by the daemon."""
    settings = settings_of(context)
    with owned(settings.data_folder, lock_name(settings)):
        bring_up_to_date(settings)
        house = open_house(settings, reads_outlets=True)
        try:
            with recording(context, into(house.database)):
                report = asyncio.run(_visit(house, outlet_id))
                click.echo(report.line())
                click.echo(f"{report.requests} requests in {report.seconds:.1f} s")
                return fail(context) if report.failure and not report.found else 0
        finally:
            house.close()


async def _visit(house: House, outlet_id: str) -> VisitReport:
    outlet = house.outlet(outlet_id)
    now = house.clock()
    with house.database.write() as connection:
        outlet_states.enrol(connection, house.outlets.keys(), now=now)
    async with reaching(house) as reach:
        visit_id = f"visit-{outlet.id}-by-hand-{now.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"
        return await pipeline.visit(house, reach, outlet, visit_id=visit_id)
