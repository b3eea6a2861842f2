"""One printing room for all tests of papers, and a sheet to print in it."""

import pytest

from portal.papers.render import PrintRoom


@pytest.fixture(scope="session")
def room(tmp_path_factory):
    room = PrintRoom(tmp_path_factory.mktemp("instance"))
    yield room
    room.close()


@pytest.fixture
def sheet():
    """Makes a small sheet around some HTML."""

    def make(body, head=""):
        return (
            f'<html lang="zh-CN"><head><title>试印</title>{head}</head>'
            f'<body><article class="sheet sheet--letter"><h1 class="sheet__title">试印</h1>'
            f'<div class="letter">{body}</div></article></body></html>'
        )

    return make
