"""What keeps robots out of the forms that anybody may send: a field people don't see, the time it takes, and limits."""

import datetime as dt

from flask import current_app
from itsdangerous import BadSignature, Signer

from portal import clock, throttle
from portal.errors import BadValue, Throttled

LEAST_SECONDS = 3  # nobody reads and fills the form faster
WITHIN = dt.timedelta(hours=1)
MOST_OF_ADDRESS = 20  # wishes and remarks an hour; a whole community may sit behind one address
MOST_OF_ALL = 300


def new_stamp() -> str:
    """The present second, signed, for the form's hidden field `opened`."""
    return _signer().sign(str(int(clock.now().timestamp()))).decode()


def keep_out(trap: str, stamp: str, address: str) -> None:
    """Count one form of this address, or refuse what no person sends. Raises BadValue or Throttled."""
    if trap:
        raise BadValue("没有提交成功，请刷新页面后重新填写。")
    opened = opened_at(stamp)
    if opened is None:
        raise BadValue("页面已过期，请核对内容后再提交一次。")
    if clock.now().timestamp() - opened < LEAST_SECONDS:
        raise BadValue("提交得太快了，请核对内容后再提交一次。")
    if throttle.count("wish/address", address, WITHIN) > MOST_OF_ADDRESS:
        raise Throttled("从这里提交的太多了，请一小时后再来，或者直接打电话给社区。")
    if throttle.count("wish/all", "", WITHIN) > MOST_OF_ALL:
        raise Throttled("现在提交的人太多，请过一会儿再来，或者直接打电话给社区。")


def opened_at(stamp: str) -> int | None:
    """When the form was opened, in seconds since 1970; None when the stamp is not ours."""
    try:
        return int(_signer().unsign(stamp))
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="wish-form")
