"""A worker that sends everything due in an archive and ends; started, and killed, by tests.

Usage: python -m tests.alerts.sending_worker DATABASE_URL SMTP_PORT
"""

import asyncio
import sys
from datetime import timedelta

from alerts.attempt import Postman, utc_now
from alerts.email import EmailChannel, EmailSettings, Security
from alerts.sender import Channels
from storage.database import Database
from storage.ledger import due, next_due_at
from tests.alerts.delivering import LINKS, SENDER

#: Short, so that what a killed worker had in hand is soon due again.
LEASE = timedelta(seconds=3)
BATCH = 40


async def work(database: Database, port: int) -> None:
    """Attempt what is due, a batch at a time, until nothing is owed any more."""
    relay = EmailSettings(
        host="127.0.0.1", port=port, sender=SENDER, security=Security.NONE, connections=8
    )
    channels = Channels(links=LINKS, sender=SENDER, mail=EmailChannel(relay))
    postman = Postman(database=database, channels=channels, lease=LEASE)
    while True:
        with database.read() as connection:
            ready = due(connection, utc_now(), BATCH)
            waits = next_due_at(connection) is not None
        if not ready and not waits:
            return
        await asyncio.gather(*(postman.attempt(one.id) for one in ready))
        if not ready:
            await asyncio.sleep(0.2)


if __name__ == "__main__":
    opened = Database.open(sys.argv[1])
    asyncio.run(work(opened, int(sys.argv[2])))
    opened.close()
