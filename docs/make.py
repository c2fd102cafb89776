"""Write the pages of docs/ that are made from the program itself: `python docs/make.py`."""

from __future__ import annotations

from pathlib import Path

import click

from syriasearch.cli import main
from syriasearch.exporters.datasette_config import tables
from syriasearch.store.creation import empty_archive
from syriasearch.store.schema import VERSION, describe_schema, describe_tables

DOCS = Path(__file__).parent


def command_page() -> str:
    """Return the command reference."""
    lines = [
        "# The command",
        "",
        "Made by `python docs/make.py` from the command's own help. On a terminal, help that is "
        "longer than the screen is shown in the pager.",
        "",
        _help(main, None),
    ]
    top = click.Context(main, info_name="syriasearch")
    for name in main.list_commands(top):
        command = main.get_command(top, name)
        assert command is not None
        lines += _section(command, top)
    return "\n".join(lines) + "\n"


def _section(command: click.Command, parent: click.Context) -> list[str]:
    context = click.Context(command, info_name=command.name, parent=parent)
    lines = ["", f"## {context.command_path}", "", _help(command, parent)]
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        below = command.get_command(context, name)
        assert below is not None
        lines += _section(below, context)
    return lines


def _help(command: click.Command, parent: click.Context | None) -> str:
    context = click.Context(
        command,
        info_name=command.name if parent else "syriasearch",
        parent=parent,
        terminal_width=100,
        max_content_width=100,
    )
    return f"```\n{command.get_help(context)}\n```"


def schema_page() -> str:
    """Return the explanation of the schema, and its tables."""
    connection = empty_archive()
    lines = ["# The schema", "", f"Made by `python docs/make.py`. Version {VERSION}."]
    lines += ["", *describe_schema().splitlines()]
    described = describe_tables()
    for table in tables():
        description, columns = described[table]
        lines += ["", f"## {table}", "", description, "", "| column | type | |", "|---|---|---|"]
        keys = {row[3]: row[2] for row in connection.execute(f"PRAGMA foreign_key_list({table})")}
        for _, name, kind, *_, hidden in connection.execute(f"PRAGMA table_xinfo({table})"):
            if hidden != 1:  # FTS5's own
                reference = f"→ {keys[name]}. " if name in keys else ""
                lines.append(f"| {name} | {kind.lower()} | {reference}{columns[name]} |")
    lines.append("")
    connection.close()
    return "\n".join(lines)


PAGES = {"command.md": command_page, "schema.md": schema_page}

if __name__ == "__main__":
    for page, make in PAGES.items():
        (DOCS / page).write_text(make(), encoding="utf-8")
