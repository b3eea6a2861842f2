"""The forms of signing in, of passwords, and of managing logins."""

import re

from wtforms import BooleanField, HiddenField, PasswordField
from wtforms.validators import DataRequired, EqualTo, Length, Regexp, ValidationError

from portal.actors import Role
from portal.choices import PickField, PickRowField
from portal.edits import EditForm
from portal.forms import ChineseForm, DayField, LineField
from portal.labels import Labelled
from portal.sought import SoughtFilter

USERNAME = re.compile(r"[a-z][a-z0-9_.-]{2,39}")
_LONG = Length(max=200, message="密码过长。")


class LoginForm(ChineseForm):
    """User name and password."""

    username = LineField(
        "用户名", 40, "请填写用户名。", narrow=True, render_kw={"autocomplete": "username", "autocapitalize": "none"}
    )
    password = PasswordField(
        "密码", [DataRequired(message="请填写密码。"), _LONG], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class CodeForm(ChineseForm):
    """Six digits from the phone app."""

    code = LineField(
        "动态口令", 6, "请填写动态口令。", narrow=True, extra=[Regexp(r"[0-9]{6}\Z", message="动态口令是 6 位数字。")],
        description="打开手机上的身份验证器，填写本网站名下的 6 位数字。",
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "control--short"},
    )  # fmt: skip


class FirstPasswordForm(ChineseForm):
    """A new password in the place of the one-time one."""

    password = PasswordField(
        "新密码",
        [DataRequired(message="请填写新密码。"), _LONG],
        description="至少 10 个字符。用几个不相干的词连起来，好记又难猜。不含用户名，不用电话和生日。",
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "再填一次新密码",
        [DataRequired(message="请再填一次新密码。"), EqualTo("password", message="两次填写的新密码不一样。")],
        render_kw={"autocomplete": "new-password"},
    )


class PasswordForm(FirstPasswordForm):
    """The present password, and the new one twice."""

    old = PasswordField(
        "原密码", [DataRequired(message="请填写原密码。"), _LONG], render_kw={"autocomplete": "current-password"}
    )


class LoginMark(Labelled):
    """What the list of logins is narrowed to."""

    ACTIVE = "active", "正常"
    LOCKED = "locked", "已停用"
    LOCKED_OUT = "locked_out", "输错密码被锁定"
    PROPOSED = "proposed", "有待核准的任命"


class LoginsFilter(SoughtFilter):
    """What the list of logins is narrowed by."""

    q = LineField("姓名、拼音或用户名", 40)
    role = PickField("身份", Role, nothing="不限")
    mark = PickField("状态", LoginMark, nothing="不限")


class ScopeForm(ChineseForm):
    """The scope and dates of an appointment; the route keeps the fields that the role has."""

    supervisor_id = PickRowField("上级党组织", "请选择上级党组织。")
    unit_id = PickRowField("单位", "请选择单位。")
    community_id = PickRowField("社区", "请选择社区。")
    grid_id = PickRowField("网格", "请选择网格。")
    main = BooleanField("主联络员")
    starts_on = DayField("任职开始", "请填写任职开始的日期。")
    ends_on = DayField("任职结束", description="没有期限的不填。")

    def validate_ends_on(self, field) -> None:
        """An appointment does not end before it begins."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError("结束日期不能早于开始日期。")


class NewLoginForm(ScopeForm):
    """A new login with its first appointment."""

    name = LineField("姓名", 40, "请填写姓名。")
    username = LineField(
        "用户名", 40, "请填写用户名。", narrow=True,
        extra=[Regexp(USERNAME.pattern + r"\Z", message="用户名用 3 到 40 个小写字母、数字、点或短横，以字母开头。")],
        description="登录时用，开通后不能更改。一般用姓名的拼音。",
        render_kw={"autocapitalize": "none"},
    )  # fmt: skip


class RenameForm(EditForm):
    """The name that a login goes by."""

    name = LineField("姓名", 40, "请填写姓名。")


class JoinForm(ChineseForm):
    """By what a member of the same name is told from others."""

    tail = LineField(
        "本人手机号后四位",
        4,
        "请填写后四位。",
        narrow=True,
        extra=[Regexp(r"[0-9]{4}\Z", message="请填写 4 位数字。")],
        render_kw={"inputmode": "numeric", "class": "control--short", "autocomplete": "off"},
    )
