"""The forms of signing in."""

from wtforms import HiddenField, PasswordField
from wtforms.validators import DataRequired, Length

from portal.forms import ChineseForm, LineField


class LoginForm(ChineseForm):
    """User name and password."""

    username = LineField("用户名", 40, "请填写用户名。", narrow=True)
    password = PasswordField("密码", [DataRequired(message="请填写密码。"), Length(max=200, message="密码过长。")])
    next = HiddenField()
