"""The proof on a paper: check code and QR with a signed token."""

from dataclasses import dataclass
from functools import cached_property

from flask import current_app

from portal import clock
from portal.numbers import IssuedPaper
from portal.papers.paper_keys import private_key
from portal.papers.seal_code import Facts, qr_picture, shown, sign
from portal.wishes.slips import follow_address


@dataclass(frozen=True)
class Proof:
    """What is printed for checking: where the QR leads, the code in words, where to check it; and the token."""

    leads_to: str
    code: str
    address: str
    token: str = ""

    @cached_property
    def qr(self) -> str:
        """The picture of the QR, drawn when a page shows it."""
        return qr_picture(self.leads_to)


def proof_of(issued: IssuedPaper) -> Proof:
    """The proof of a paper in the ledger."""
    facts = Facts(issued.kind, issued.number, issued.version, clock.local(issued.issued_at).date(), issued.check_code)
    token = sign(facts, private_key())
    page = f"{current_app.config['PUBLIC_ADDRESS'].rstrip('/')}/verify"
    return Proof(f"{page}/{token}", shown(issued.check_code), bare(page), token)


def follow_proof(number: str) -> Proof:
    """What a wish slip carries instead: a QR that leads to the follow page with the number, never the code."""
    return Proof(follow_address(number), "", bare(follow_address()))


def bare(address: str) -> str:
    """An address as people type it, without https://."""
    return address.partition("://")[2] or address
