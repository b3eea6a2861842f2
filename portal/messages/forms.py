"""The form of what one wants to be told of."""

from portal.choices import TicksField
from portal.forms import ChineseForm
from portal.telling import ALWAYS_TOLD, Topic


class TopicsForm(ChineseForm):
    """A tick for each topic that may be turned off."""

    topics = TicksField("需要提醒的消息", Topic, description="取消勾选后，不再收到这一类消息；已经收到的不受影响。")

    def __init__(self, **kw):
        """Offer what may be turned off."""
        super().__init__(**kw)
        self.topics.choices = [choice for choice in Topic.choices() if Topic(choice.value) not in ALWAYS_TOLD]
