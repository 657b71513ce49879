"""How alembic runs the migrations: on the connection that `Database.migrate` hands over, in its transaction."""

from alembic import context

from servicedir.storage import council, outside, tables

DECLARED = (tables, outside, council)  # Each declares its part of the tables, all on the metadata of the first.

context.configure(connection=context.config.attributes["connection"], target_metadata=DECLARED[0].metadata)
with context.begin_transaction():
    context.run_migrations()
