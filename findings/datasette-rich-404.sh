#!/bin/sh
# With rich installed, Datasette answers an address without a page with an error: 500 for 404.
#
# Versions: datasette 0.65.5, rich 15.0.0 (seen with CPython 3.11 on Linux).
#
# Behaviour: where rich is installed, though nobody asks for it, Datasette prints each error with
# `rich.Console.print_exception`, which needs an exception that is being handled. For an address
# that no route has there is none, so that the print raises ValueError, and neither Datasette's page
# nor that of a plugin that answers first is given: all answers are made before one is chosen.
# An article that is not there, in a table that is, is 404 as it should be.
#
# Expected: 404 with Datasette's page, as without rich. `datasette/handle_exception.py` imports rich
# if it can; rich documents that the method is for an exception that is being handled. No report of
# it was found. A fix would be to build rich's traceback of the exception that the hook is given.
#
# The package lets others answer while the exception is handled, and answers alone for its own pages
# (tests/datasette_plugin/test_search_page.py).
#
# Seen: the lines of `expected` below. Exits with 1 where they are others.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}

cat > "$folder/show.py" <<'END'
import asyncio
import contextlib
import io
import sys

from datasette.app import Datasette


async def ask(datasette, path):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            return (await datasette.client.get(path)).status_code
        except ValueError as error:
            return f"ValueError: {error}"


async def main():
    datasette = Datasette([], memory=True)
    await datasette.invoke_startup()
    print(sys.argv[1])
    for path in ("/_memory/nobody", "/a/b/c/d"):
        print(path, await ask(datasette, path))


asyncio.run(main())
END

expected="without rich
/_memory/nobody 404
/a/b/c/d 404
with rich
/_memory/nobody 404
/a/b/c/d ValueError: Value for 'trace' required if not called in except: block"

install() {
    "$python" -m pip install --quiet --disable-pip-version-check --target "$folder/site" "$@" >&2
}
show() {
    PYTHONPATH="$folder/site" "$python" -W ignore "$folder/show.py" "$1"
}

install datasette==0.65.5 setuptools==80.9.0
seen=$(
    show "without rich"
    install rich==15.0.0
    show "with rich"
)

echo "$seen"
[ "$seen" = "$expected" ]
