from tests.pages import texts
from tests.menu.making import *
from tests.wishes.conftest import county
from tests.wishes.making import a_wish
from sqlalchemy import event
import time_machine, pytest
@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(dt.datetime(2026,6,15,2,tzinfo=dt.UTC), tick=False): yield
def test_it(county, client, browse):
    cast=county
    an_activity(cast, going=("member1",)); an_activity(cast,"量血压",days=0,category=Category.MEDICAL,capacity=1,going=("member2",),waiting=("member1",))
    an_activity(cast,"服务日大扫除",days=12,service_day=True,community_id=None,urgent=True); an_activity(cast,"以后的",days=40,capacity=None)
    a_post(cast,held_by=("member1",)); a_post(cast,"满的",held_by=("member2",),capacity=1); a_post(cast,"别的社区的",community_id=cast.community2.id)
    a_wish(cast)
    a = client.get("/menu"); print(a.status_code, len(a.text)); print(texts(a,"h1,h2,h3,.card__foot,.kind"))
    for u in ("member1","clerk1","county","liaison1","chengguan"):
        for q in ("", "?kind=activity","?kind=post","?kind=wish&when=week","?when=service_day&category=legal&q=x&grid=1"):
            asked=[]
            b=browse(cast.users[u])
            f=lambda *h: asked.append(h[2])
            event.listen(db.engine,"before_cursor_execute",f)
            r = b.get("/menu"+q); assert r.status_code==200, (u,q,r.text[:500])
            event.remove(db.engine,"before_cursor_execute",f)
            print(u,q,len([x for x in asked if x.startswith("SELECT")]), texts(r,".hero .button,h2,h3,.card__foot") if not q else "")
def test_cal(county, client, browse):
    cast=county
    an_activity(cast, going=("member1",)); an_activity(cast,"量血压",days=0,category=Category.MEDICAL,capacity=1,going=("member2",),waiting=("member1",))
    for i in range(7): an_activity(cast,f"服务日大扫除{i}",days=12,service_day=True,community_id=None,urgent=True)
    a_post(cast,held_by=("member1",)); a_wish(cast,"claimed")
    for b in (client, browse(cast.users["member1"]), browse(cast.users["clerk1"])):
        for q in ("","?month=2026-10","?month=2026-06&day=2026-06-27&community=%d"%cast.community1.id, "?month=9999-99&day=x", "?month=2014-01","?month=2099-12"):
            r=b.get("/menu/calendar"+q); assert r.status_code==200; print(texts(r,".month td:not(.month__empty):not(.month__none)"), texts(r,"h2"))
    m=browse(cast.users["member1"])
    r=m.get("/menu/mine"); assert r.status_code==200; print(texts(r,".mine li, h2"))
    r=m.get("/menu/mine.ics"); print(r.data.decode()); assert r.status_code==200
    assert client.get("/menu/communities/%d.ics"%cast.community1.id).status_code==200
    assert client.get("/menu/activities/2026-0001.ics").status_code==200
