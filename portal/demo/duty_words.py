"""The posts of a demonstration community: title, category, duty, place, times, and the free times in which they lie."""

from portal.labels import Category as C
from portal.registrations.models import FreeTime as F

POSTS = (
    ("治安巡逻岗", C.ORDER,
     "天黑以后在小区里走一圈，提醒关好门窗、停好车；看到隐患告诉网格管理员。",
     "小区内", "每周五、六晚上", (F.EVENINGS, F.WEEKENDS)),
    ("楼道卫生监督岗", C.ENVIRONMENT,
     "看看楼道有没有堆放杂物、乱贴广告，能清的清掉，清不动的告诉社区。",
     "各楼栋", "每两周一次，时间自定", (F.WEEKENDS,)),
    ("法律政策咨询岗", C.LEGAL,
     "在社区服务站坐班，解答居民关于合同、婚姻、劳动、养老等方面的问题。",
     "社区服务站", "每月第一个周六上午", (F.WEEKENDS,)),
    ("义诊量血压岗", C.MEDICAL,
     "给老人量血压、测血糖，讲一讲怎么用药、什么时候该去医院。",
     "社区卫生室", "每月两次，周末上午", (F.WEEKENDS,)),
    ("手机辅导岗", C.CONVENIENCE,
     "教老人用手机挂号、缴费、和孩子视频，一对一慢慢教。",
     "社区活动室", "每周三晚上、周六上午", (F.EVENINGS, F.WEEKENDS)),
    ("四点半课堂辅导岗", C.CONVENIENCE,
     "放学后看着孩子写作业，答疑、讲题，家长来接再走。",
     "社区图书室", "平日傍晚，轮流值岗", (F.EVENINGS,)),
    ("邻里纠纷调解岗", C.ORDER,
     "漏水、噪音、停车这些事，先上门听两家怎么说，再请到调解室坐下来谈。",
     "社区调解室", "随叫随到，多在晚上", (F.EVENINGS, F.HOLIDAYS)),
    ("独居老人陪伴岗", C.POVERTY,
     "每周去看一次，说说话、搭把手，看看水电气安不安全。",
     "老人家中", "每周一次，时间自定", (F.WEEKENDS, F.HOLIDAYS)),
    ("文体活动组织岗", C.CULTURE,
     "带居民跳舞、下棋、写春联，准备场地和音响，结束后收拾干净。",
     "社区广场", "每周日下午，节日前加密", (F.WEEKENDS, F.HOLIDAYS)),
    ("垃圾分类指导岗", C.ENVIRONMENT,
     "早晚投放时间站在桶边，教大家怎么分；把分错的情况记下来告诉物业。",
     "垃圾投放点", "周末早晚各一小时", (F.WEEKENDS,)),
    ("政策宣讲岗", C.POLICY,
     "用家常话讲清楚医保、低保、养老认证怎么办，发放社区的明白纸。",
     "社区会议室", "每季度两次", (F.WEEKENDS,)),
    ("家电维修岗", C.CONVENIENCE,
     "修灯、修插座、修水龙头，居民自备配件；不会修的帮着联系师傅。",
     "社区服务站", "每月最后一个周六", (F.WEEKENDS,)),
)  # fmt: skip
UNHELD_POST = (
    "图书整理岗", C.CULTURE,
    "把借还的书登记好、放回架上，破损的补一补。",
    "社区图书室", "每周一次，时间自定", (F.EVENINGS, F.WEEKENDS),
)  # fmt: skip
