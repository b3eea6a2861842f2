"""The words of the demonstration's inspections."""

from portal.inspections.kinds import AssessmentGrade

ABOUT = "检查在职党员报到、服务承诺、微心愿办理、结对帮扶走访和写实登记情况，看现场、看台账、与居民交谈。"
FOUND = (
    ("报到工作抓得不紧，还有党员没有到居住地社区报到。", "逐人摸清原因，开具证明信并督促报到。"),
    ("服务承诺审定不及时，承诺事项写得笼统。", "逐张审定，退回笼统的承诺重新填写。"),
    ("写实登记事后补记较多。", "当次登记、当周确认，补录的逐条说明。"),
    ("结对帮扶走访没有做到每月一次。", "排出走访日程，由支部书记督促。"),
    ("没有召开部署动员会的记录。", "补开专题会议，留存记录和照片。"),
)
ANSWERS = (
    "已召开支部委员会研究，逐人联系，未报到的都已说明原因并约定时间，月底前全部到位。",
    "已逐张重新审定，笼统的退回三张，都已改好并公示。",
    "已明确专人当周登记确认，补录的逐条写明了原因。",
)
GRADES = (AssessmentGrade.FAIR, AssessmentGrade.GOOD, AssessmentGrade.FAIR, AssessmentGrade.PLAIN)
REASONS = {
    AssessmentGrade.GOOD: "部署早、督促紧，所属单位报到和服务落实好，走访按月进行。",
    AssessmentGrade.FAIR: "各项工作正常开展，个别单位承诺审定和走访不够及时。",
    AssessmentGrade.PLAIN: "有部署但督促不够，部分单位没有工作记录。",
}
LARGEST = 24  # units of one inspection, however large the county
