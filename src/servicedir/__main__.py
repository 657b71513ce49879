"""The command `servicedir`, also as `python -m servicedir`."""

from __future__ import annotations

from servicedir.resting import collector_resting


def run() -> None:
    """Run what the arguments name."""
    # A thousand modules are read, of which nothing goes again: looking for it took a tenth of the start.
    with collector_resting():
        from servicedir.cli import main
    main()


if __name__ == "__main__":
    run()
