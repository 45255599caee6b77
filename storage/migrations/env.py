"""Run the migrations on the connection that `storage.migrate` hands over."""

from alembic import context

from storage.schema.everything import metadata

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
    **attributes.get("options", {}),
)
with context.begin_transaction():
    context.run_migrations()
