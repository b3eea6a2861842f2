"""The yardstick: Flask's smallest application, served by the same gunicorn with the same settings."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello():
    return "hello"


@app.get("/healthz")
def healthz():
    return "ok"
