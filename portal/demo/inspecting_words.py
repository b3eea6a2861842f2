"""The words of the demonstration's inspections."""

from portal.inspections.kinds import AssessmentGrade, Drawn

ABOUT = "检查在职党员报到、服务承诺、微心愿办理、结对帮扶走访和写实登记情况，看现场、看台账、与居民交谈。"
# By what an item draws: the finding, what is asked, and the answer. The numbers stand beside it.
FOUND = {
    Drawn.REPORTED: (
        "报到工作抓得不紧，没有逐人建账、定期督促。", "逐人摸清原因，开具证明信并督促报到。",
        "已召开支部委员会研究，逐人联系，未报到的都已说明原因并约定时间。",
    ),
    Drawn.UNREPORTED: (
        "未报到党员的原因没有逐人写明。", "逐人写明原因、约定报到时间。",
        "已逐人联系，原因和报到时间都已写明。",
    ),
    Drawn.RECEIPTS: (
        "报到回执的交接没有专人负责。", "明确专人，当周交接、当周备案。",
        "已明确专人，回执当周送交、当周备案。",
    ),
    Drawn.PLEDGES: (
        "服务承诺审定不及时，承诺事项写得笼统。", "逐张审定，退回笼统的承诺重新填写。",
        "已逐张重新审定，笼统的退回三张，都已改好并公示。",
    ),
    Drawn.SERVICE: (
        "党员服务集中在少数人，部分党员参加活动少。", "逐人提醒，按承诺安排到岗服务。",
        "已逐人谈话提醒，都已认岗并约定服务时间。",
    ),
    Drawn.ENTERED_LATE: (
        "写实登记有事后补记的，原因写得简单。", "当次登记、当周确认，补录的逐条说明。",
        "已明确专人当周登记确认，补录的逐条写明了原因。",
    ),
    Drawn.UNCONFIRMED: (
        "写实记录没有做到当周由第二人确认。", "排出值班表，每周五集中确认。",
        "已排出值班表，由网格管理员每周五集中确认。",
    ),
    Drawn.WISHES: (
        "微心愿办理过程的回访记录写得简单。", "办成一件、回访一件，写明居民意见。",
        "已逐件补充回访，居民意见都已写明。",
    ),
    Drawn.VISITS: (
        "结对帮扶走访的记录写得简单，没有写明困难和办法。", "排出走访日程，逐户写明困难和办法。",
        "已排出走访日程，由支部书记督促，困难和办法逐户写明。",
    ),
    Drawn.REMARKS: (
        "群众意见的答复只口头告知，没有书面留存。", "逐条书面答复，回访居民。",
        "已逐条补写书面答复，并回访了居民。",
    ),
    Drawn.SUGGESTIONS: (
        "合理建议的答复写得简单，没有说明怎样落实。", "逐条写明落实办法和时间。",
        "已逐条补写落实办法和时间，并告知提出人。",
    ),
    Drawn.OWN_WORK: (
        "没有召开部署动员会的照片和签到。", "补齐会议记录、签到和照片。",
        "已召开专题会议，记录、签到和照片都已补齐。",
    ),
    Drawn.LIAISON: (
        "联络员变动以后没有向社区交底。", "三日内向社区当面交底。",
        "新任联络员已到社区当面交底，联系方式已更新。",
    ),
}  # fmt: skip
GRADES = (AssessmentGrade.FAIR, AssessmentGrade.GOOD, AssessmentGrade.FAIR, AssessmentGrade.PLAIN)
REASONS = {
    AssessmentGrade.GOOD: "部署早、督促紧，所属单位报到和服务落实好，走访按月进行。",
    AssessmentGrade.FAIR: "各项工作正常开展，个别单位承诺审定和走访不够及时。",
    AssessmentGrade.PLAIN: "有部署但督促不够，部分单位没有工作记录。",
}
LARGEST = 24  # units of one inspection, however large the county
