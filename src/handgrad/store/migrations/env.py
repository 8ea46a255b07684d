"""Run by Alembic: the migrations, on the connection that `handgrad.store.migration` holds."""

from alembic import context

from handgrad.store.tables import metadata

connection = context.config.attributes["connection"]
# SQLite cannot alter a table: Alembic copies it instead
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
