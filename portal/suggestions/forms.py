"""The forms of suggestions: what is proposed to whom, where it is forwarded to, and the answer."""

from wtforms import BooleanField

from portal.choices import PickField, PickRowField
from portal.forms import ChineseForm, FilterForm, LineField, LinesField
from portal.labels import Category, Labelled
from portal.suggestions.models import Addressed, SuggestionState


class Adoption(Labelled):
    """Whether what was proposed will be done."""

    YES = "yes", "采纳"
    NO = "no", "不采纳"


class WriteForm(ChineseForm):
    """What a member proposes, and to whom."""

    addressed_to = PickField("提给谁", Addressed, "请选择提给谁。", radios=True, default=Addressed.COMMUNITY)
    title = LineField("建议的题目", 40, "请填写建议的题目。", description="如：在三号楼门口装一盏路灯。")
    body = LinesField("具体内容", 800, "请写下建议的内容。",
                      description="发现了什么问题，建议怎么做。可以写地点；不写别人的姓名、电话。")  # fmt: skip
    category = PickField("属于哪一类", Category, nothing="不分类")


class StandInForm(WriteForm):
    """What a member without a login proposes, as the clerk writes it down."""

    member_id = PickRowField("替哪位党员提", "请选择党员。", description="只列出在本社区报到、没有账号的党员。")


class ForwardForm(ChineseForm):
    """The body that is to answer, and what it should know."""

    forwarded_to_id = PickRowField("转给谁", "请选择要转办的部门或镇党委。")
    reason = LinesField("转办说明", 200, description="对方需要知道的情况，可以不填；本人也看得到。")


class AnswerForm(ChineseForm):
    """Whether it will be done, and the answer in words."""

    adopted = PickField("是否采纳", Adoption, "请选择是否采纳。", radios=True)
    answer = LinesField("答复内容", 800, "请写下答复。",
                        description="采纳的，写打算怎么做、什么时候做；不采纳的，写明原因。")  # fmt: skip

    def asked(self) -> dict:
        """The answer, and whether it is adopted."""
        return {"adopted": self.adopted.data is Adoption.YES, "answer": self.answer.data}


class ListFilter(FilterForm):
    """What the list of suggestions is narrowed to."""

    state = PickField("状态", SuggestionState, nothing="全部")
    late = BooleanField("只看超期没有答复的")


class AdoptedFilter(FilterForm):
    """What the list of adopted suggestions is narrowed to."""

    community = PickRowField("社区", nothing="全部")
