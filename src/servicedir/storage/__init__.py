"""What was said, kept: revisions, accounts and the change log, on SQLite or PostgreSQL; the only place with SQL."""
