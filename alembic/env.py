"""How alembic runs the migrations: on the connection that `Database.migrate` hands over, in its transaction."""

from alembic import context

from servicedir.storage.outside import metadata  # which stands on all other tables

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
