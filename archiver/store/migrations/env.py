"""Alembic's entry: the connection comes from `archiver.store.migrate`, already in a transaction."""

from alembic import context

from archiver.store.migrate import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
    render_as_batch=True,
)
context.run_migrations()
