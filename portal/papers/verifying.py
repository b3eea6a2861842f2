"""The command that checks one paper: offline by the signature of its token, or in the ledger by its check code."""

import hashlib
from pathlib import Path

import click
import pikepdf

from portal.filters import day
from portal.numbers import official_number
from portal.papers import paper_keys, verification
from portal.papers.catalogue import PAPERS
from portal.papers.seal_code import Facts, may_be_token, read_check_code, shown, verify
from portal.papers.verification import Verdict


@click.group("paper")
def paper_group() -> None:
    """One official paper."""


@paper_group.command("verify")
@click.argument("what")
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="公布的公钥文件（PEM）")
def verify_paper(what: str, key: Path | None) -> None:
    """Check a paper: a PDF file, the address or token of its QR, or a check code; with --key offline."""
    path = Path(what) if _is_path(what) else None
    token = _token_in(path) if path else what.rstrip("/").rpartition("/")[2]
    if key:
        _offline(token, key)
    else:
        _in_ledger(token, path)


def _is_path(what: str) -> bool:
    """Whether a file of this name is there; refused where one is meant and there is none."""
    if Path(what).is_file():
        return True
    if what.lower().endswith(".pdf"):
        raise click.ClickException(f"没有这个文件：{what}")
    return False


def _offline(token: str, key: Path) -> None:
    try:
        keys = paper_keys.read_public_keys(key.read_bytes())
    except (ValueError, TypeError) as wrong:
        raise click.ClickException(f"{key} 不是公钥文件：请从网站的 /verify/key.pem 下载。") from wrong
    if facts := verify(token, keys):
        return _say(facts)
    if read_check_code(token):
        raise click.ClickException("校验码不带签名，不能离线核对：请给 PDF 文件或二维码里的网址，或去掉 --key。")
    names = "、".join(map(paper_keys.called, keys))
    raise click.ClickException(f"签名与公钥 {names} 不符：不是本站开具的，或已被改动；换过密钥的，请用最新的公钥文件。")


def _in_ledger(token: str, path: Path | None) -> None:
    """By the published keys of this instance, and what its ledger says of the paper now."""
    facts = verify(token, paper_keys.public_keys())
    if facts:
        _say(facts)
    verdict = verification.find(token)
    if verdict is None:
        if facts:
            raise click.ClickException("签名相符，但台账里没有这份表。")
        raise click.ClickException("不是本站开具的，或已被改动。")
    words = f"{verdict.title} {verdict.number}，{verdict.office}，{day(verdict.issued_on)}"
    click.echo(f"{verdict.state_words}：{words}")
    _compare(verdict, path)
    if not verdict.stands:
        newer = f"，{verdict.newer}有效" if verdict.newer else ""
        raise click.ClickException(f"这份表{verdict.state_words}{newer}。")


def _compare(verdict: Verdict, path: Path | None) -> None:
    """Whether a file is, byte by byte, the one that was kept."""
    if path is None or verdict.copy is None or not verdict.copy.sha256:
        return
    same = hashlib.sha256(path.read_bytes()).hexdigest() == verdict.copy.sha256
    click.echo(f"与归档件{'一致' if same else '不是同一个文件'}（SHA-256 {verdict.copy.sha256}）")


def _say(facts: Facts) -> None:
    click.echo(f"签名相符：{PAPERS[facts.kind].title} {official_number(facts.kind, facts.number)}")
    click.echo(f"第 {facts.version} 版，{day(facts.issued_on)}，校验码 {shown(facts.check_code)}")


def _token_in(path: Path) -> str:
    """The token that a printed file carries as its last keyword; refused where none can be one."""
    try:
        with pikepdf.open(path) as pdf:
            token = str(pdf.docinfo.get("/Keywords", "")).rpartition(", ")[2]
    except pikepdf.PdfError as broken:
        raise click.ClickException("这不是可以读取的 PDF 文件。") from broken
    if not may_be_token(token):
        raise click.ClickException("这个文件里没有核验签名（批量合成的、草稿没有），请扫纸上的二维码或输入校验码。")
    return token
