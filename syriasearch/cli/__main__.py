"""`python -m syriasearch.cli`."""

from . import main

main(prog_name="syriasearch")
