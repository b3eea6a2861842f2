"""The real application behind a real gunicorn, for tests that need processes, sockets or a browser."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

TOP = Path(__file__).parents[1]
SECONDS_TO_START = 30


@dataclass(frozen=True)
class Server:
    """A running server: its address (http://127.0.0.1:port) and its master process."""

    address: str
    pid: int

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])


@contextlib.contextmanager
def serving(instance_dir: Path, database_uri: str, application="wsgi:app", **environment: str) -> Iterator[Server]:
    """A server on this database, which must have its tables; it ends with the block.

    `environment` adds settings (FLASK_…, WEB_CONCURRENCY). The server's log is `server.log` in the instance.
    """
    settings = {"FLASK_INSTANCE_DIR": str(instance_dir), "FLASK_SQLALCHEMY_DATABASE_URI": database_uri}
    log = instance_dir / "server.log"
    # Listening here and handing the socket on, so that no other process can take the port in between.
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener, log.open("w") as output:
        port = listener.getsockname()[1]
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *gunicorn(listener.fileno(), application)],
            cwd=TOP,
            env=os.environ | settings | environment,
            pass_fds=[listener.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            wait_until_answering(process, port, log)
            yield Server(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()
            process.wait()


def gunicorn(socket_number: int, application: str) -> list[str]:
    """The command that serves an application as in production, on an open socket."""
    settings = ["--config", "portal/gunicorn.py", "--bind", f"fd://{socket_number}"]
    return [sys.executable, "-m", "gunicorn", *settings, application]


def wait_until_answering(process: subprocess.Popen, port: int, log: Path) -> None:
    """Comes back when /healthz answers; AssertionError with the log when the server ends or stays silent."""
    for _ in range(SECONDS_TO_START * 10):
        if process.poll() is not None:
            break
        connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_START)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            pass
        finally:
            connection.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")
