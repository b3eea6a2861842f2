"""Gunicorn's settings: `gunicorn --config portal/gunicorn.py wsgi:app`."""

import datetime as dt
import json
import logging
import os
import traceback
from pathlib import Path

from gunicorn.glogging import Logger

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"

# Two processes of two threads served 1.3 times what 2 x 4 did: more only wait for one lock.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 2
keepalive = 15
timeout = 60
graceful_timeout = 10

# Heartbeats in memory: on a busy disk they would let healthy workers be killed.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None

# The application writes the log of requests itself, without personal data; only errors come from here. At `warning`
# gunicorn would tell the addresses of those who sent what is no request.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "error")
control_socket_disable = True


class Lines(logging.Formatter):
    """One JSON line like the application's; where a request failed, not the address asked for nor the error's words.

    (This file stands alone: were the application imported here, a reload would keep the old one.)
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        line = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            "level": record.levelname.lower(),
            "event": str(record.msg) if record.exc_info else record.getMessage(),
            "process": record.process,
        }
        if record.exc_info and record.exc_info[0]:
            told = "".join(traceback.format_tb(record.exc_info[2]))
            line |= {"error": record.exc_info[0].__name__, "traceback": told}
        return json.dumps(line)


class logger_class(Logger):  # the setting's name
    """Gunicorn's own log in those lines."""

    def setup(self, cfg) -> None:
        """Set the log up as configured, with the lines' form."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Lines())
