"""What tests of the archive share: a registration whose papers became final, and a worker."""

import io

import pdfplumber
import pytest

from portal.archives import storing
from portal.extensions import db
from tests.papers.making import accepted, certificate


@pytest.fixture
def case(cast):
    """欧阳䶮's registration, accepted: certificate, card and receipt of number 2026-0001 became final."""
    row = accepted(certificate(cast.member1_row))
    db.session.commit()
    return row


@pytest.fixture
def as_(browse, cast):
    return lambda username: browse(db.session.merge(cast.users[username]))


@pytest.fixture
def store_all():
    """Lets the worker store whatever waits; how many papers that were."""

    def work() -> int:
        done = 0
        while storing.store_next(db.session.commit):
            done += 1
        return done

    return work


@pytest.fixture
def words_of():
    """The words of a PDF in the order of its cells, without spaces."""

    def read(pdf: bytes) -> str:
        with pdfplumber.open(io.BytesIO(pdf)) as opened:
            drawn = "".join(char["text"] for page in opened.pages for char in page.chars)
            return drawn.replace(" ", "").replace("　", "")

    return read
