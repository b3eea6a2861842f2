"""What is said of a household from fixed lists: its kind and the help that follows, difficulty, needs.  [二(一)4]

No diagnosis, no income, no number of an identity card: what the lists don't hold is not asked for.
"""

from portal.labels import Labelled


class Help(Labelled):
    """The five helps: one for each kind of household."""

    POOR = "poor", "助贫"
    COMRADE = "comrade", "助困"
    DISABLED = "disabled", "助残"
    STUDENT = "student", "助学"
    ELDER = "elder", "助老"


class HouseholdKind(Labelled):
    """The five kinds of households that are supported."""

    POOR = "poor", "贫困户"
    COMRADE = "comrade", "困难党员"
    DISABLED = "disabled", "残疾人"
    STUDENT = "student", "贫困学生"
    ELDER = "elder", "孤寡老人"

    @property
    def help(self) -> Help:
        """The help that this kind of household is given."""
        return Help(self.value)


class Difficulty(Labelled):
    """What makes life hard: a cause in one word, never a diagnosis or a sum of money."""

    ILLNESS = "illness", "因病"
    DISABILITY = "disability", "因残"
    STUDY = "study", "因学"
    DISASTER = "disaster", "因灾"
    MISHAP = "mishap", "突发变故"
    LABOUR = "labour", "缺少劳动力"
    WORK = "work", "就业困难"
    ALONE = "alone", "独居无人照料"
    GUARDIAN = "guardian", "缺少监护照料"
    HOUSING = "housing", "住房困难"


class Policy(Labelled):
    """The policies that a household enjoys."""

    ALLOWANCE = "allowance", "最低生活保障"
    DESTITUTE = "destitute", "特困人员供养"
    MEDICAL = "medical", "医疗救助"
    TEMPORARY = "temporary", "临时救助"
    DISABLED = "disabled", "残疾人两项补贴"
    SCHOOLING = "schooling", "教育资助"
    HOUSING = "housing", "住房保障"
    OLD_AGE = "old_age", "高龄津贴"
    CHILD = "child", "困境儿童保障"
    VETERAN = "veteran", "优抚待遇"
    PARTY = "party", "党内关怀帮扶"


class Need(Labelled):
    """What a household needs of those who support it."""

    COMPANY = "company", "陪伴聊天"
    CARE = "care", "生活照料"
    ERRANDS = "errands", "代办跑腿"
    CLINIC = "clinic", "就医陪同"
    TUTORING = "tutoring", "学业辅导"
    JOB = "job", "就业帮助"
    REPAIR = "repair", "家务维修"
    POLICY = "policy", "政策帮办"
    GOODS = "goods", "生活用品"
    MIND = "mind", "心理疏导"


class Way(Labelled):
    """In what form a household is supported; money is none of them."""

    VISITS = "visits", "定期走访"
    HANDS = "hands", "出力帮忙"
    SKILLS = "skills", "技能、知识帮助"
    POLICY = "policy", "落实政策"
    GOODS = "goods", "实物帮助"
    JOB = "job", "推荐就业"


class ConsentBy(Labelled):
    """Who agreed that the file is kept and supporters come."""

    SELF = "self", "本人"
    GUARDIAN = "guardian", "监护人"


class CloseKind(Labelled):
    """Why a household is supported no longer."""

    IMPROVED = "improved", "困难已缓解"
    MOVED = "moved", "已迁出本社区"
    DIED = "died", "已去世"
    DECLINED = "declined", "本人不愿继续"
    OTHER = "other", "其他原因"
