"""Options that several commands have, each said once."""

import click

allow_files_outside = click.option(
    "--allow-files-outside",
    "files_outside",
    is_flag=True,
    help="Read files of SQL that the plan names outside of its own folder. Say it only for a plan you trust.",
)
