"""The whole archive, as of the first release.

Revision ID: 0001
Revises:
"""

from alembic import op

from storage.schema.everything import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())
