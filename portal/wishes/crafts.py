"""Crafts: what members can do and wishes ask for, told by the words that name it on cards and in wishes alike."""

from sqlalchemy import ColumnElement, String, or_, type_coerce

from portal.labels import Labelled


class Craft(Labelled):
    """What a wish may ask for and a member may have learnt (特长)."""

    LAW = "law", "法律咨询"
    MEDICINE = "medicine", "医疗保健"
    COUNSEL = "counsel", "心理疏导"
    PLUMBING = "plumbing", "水电维修"
    APPLIANCES = "appliances", "家电维修"
    COMPUTERS = "computers", "电脑手机"
    LESSONS = "lessons", "课业辅导"
    HAIR = "hair", "理发"
    BRUSH = "brush", "书法绘画"
    MUSIC = "music", "音乐舞蹈"
    PHOTO = "photo", "摄影摄像"
    WRITING = "writing", "写作宣传"
    ACCOUNTS = "accounts", "财务会计"
    FARMING = "farming", "园艺农技"
    PEACE = "peace", "矛盾调解"
    SPORT = "sport", "体育健身"
    DRIVING = "driving", "驾驶搬运"
    SEWING = "sewing", "缝纫手工"


# Words, not single characters: 医 alone would find 医保 too.
WORDS: dict[Craft, tuple[str, ...]] = {
    Craft.LAW: ("法律", "律师", "官司", "遗嘱", "公证", "仲裁", "起诉"),
    Craft.MEDICINE: ("医疗", "医生", "医师", "中医", "护理", "护士", "急救", "血压", "血糖", "义诊", "康复", "按摩"),
    Craft.COUNSEL: ("心理", "陪聊", "说说话", "聊聊天"),
    Craft.PLUMBING: (
        "水电",
        "水管",
        "水龙头",
        "下水道",
        "马桶",
        "电工",
        "电路",
        "插座",
        "灯泡",
        "路灯",
        "换灯",
        "漏水",
    ),
    Craft.APPLIANCES: ("家电", "电视", "冰箱", "洗衣机", "空调", "电器"),
    Craft.COMPUTERS: ("电脑", "手机", "智能机", "计算机", "上网", "网络", "微信"),
    Craft.LESSONS: ("辅导", "数学", "英语", "语文", "物理", "化学", "作业", "家教"),
    Craft.HAIR: ("理发", "剪发", "剃头", "剪头"),
    Craft.BRUSH: ("书法", "毛笔", "绘画", "国画", "写春联", "写对联"),
    Craft.MUSIC: ("音乐", "舞蹈", "唱歌", "合唱", "秦腔", "板胡", "二胡", "钢琴", "广场舞"),
    Craft.PHOTO: ("摄影", "摄像", "照相", "拍照", "全家福"),
    Craft.WRITING: ("写作", "文案", "写信", "代写", "宣讲"),
    Craft.ACCOUNTS: ("财务", "会计", "报税", "记账"),
    Craft.FARMING: ("园艺", "农业", "农技", "种花", "花坛", "栽树", "果树", "绿化"),
    Craft.PEACE: ("调解", "矛盾", "纠纷"),
    Craft.SPORT: ("体育", "健身", "太极", "乒乓", "羽毛球", "篮球", "象棋"),
    Craft.DRIVING: ("驾驶", "开车", "司机", "接送", "搬家", "搬运", "清运"),
    Craft.SEWING: ("缝纫", "裁剪", "改衣", "织补", "手工"),
}


def named_in(text: str) -> set[Craft]:
    """The crafts that a text names."""
    return {craft for craft, words in WORDS.items() if any(word in text for word in words)}


def shared(skills: list[str], text: str) -> list[str]:
    """Those of these skills that a text asks for: it names the same craft, or the skill itself."""
    asked = named_in(text)
    return [skill for skill in skills if skill in text or named_in(skill) & asked]


def names(craft: Craft, *columns) -> ColumnElement[bool]:
    """The condition that one of these columns names the craft."""
    # Compared as plain text: a column's own type would look at the pattern as if it were to be stored.
    texts = [type_coerce(column, String) for column in columns]
    return or_(*(text.contains(word, autoescape=True) for text in texts for word in WORDS[craft]))
