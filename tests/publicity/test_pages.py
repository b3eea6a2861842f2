"""Pages of stories and notices: written, published, read by everybody; sent, noted, answered."""

import io
import re

from portal.actors import Role
from portal.extensions import db
from portal.publicity import stories
from portal.publicity.models import Notice, NoticeAnswer, Story
from portal.uploads import Upload
from tests.page_forms import form_to
from tests.pages import same_page, select, texts
from tests.publicity.making import BODY, TITLE, a_notice, a_photo, a_story, asking
from tests.registrations.conftest import walk

WORDS = {"kind": "deed", "title": TITLE, "body": BODY, "named": "欧阳䶮", "consent": "y"}


def act(browser, row, verb: str, **asked):
    page_of = f"/stories/{row.number}" if isinstance(row, Story) else f"/notices/{row.number}"
    address = f"{page_of}/{verb}"
    page = browser.get(address if asked else page_of).text
    return browser.post(address, data=form_to(page, address).filled(**asked))


def with_photo(browser, row, colour="red"):
    data = {"photos": (a_photo(colour), "现场.jpg"), "agreed": "y"}
    return browser.post(f"/stories/{row.number}/photos", data=data)


def test_from_the_clerks_desk_to_the_public_page(cast, browse, client):
    clerk, town = browse(cast.users["clerk1"]), browse(cast.users["chengguan"])
    answer = clerk.post("/stories/new", data=form_to(clerk.get("/stories/new").text, "").filled(**WORDS))
    assert (answer.status_code, answer.location) == (303, "/stories/2026-0001")
    row = db.session.scalars(db.select(Story)).one()
    assert with_photo(clerk, row).status_code == 303
    missing = client.get("/stories/2098-9999")
    assert same_page(client.get(f"/stories/{row.number}"), missing)
    photo = select(clerk.get(f"/stories/{row.number}"), ".article__photos img")[0].get("src")
    assert (clerk.get(photo).mimetype, client.get(photo).status_code) == ("image/jpeg", 404)
    assert act(clerk, row, "submit").status_code == 303
    assert any(words.startswith("事迹稿件待审核发布") for words in texts(town.get("/desk"), ".todo__words"))
    assert act(town, row, "publish").status_code == 303
    page = client.get(f"/stories/{row.number}")
    assert texts(page, "h1") == [TITLE] and len(texts(page, ".article__text p")) == 2
    shown = client.get(photo)
    assert shown.headers["Cache-Control"] == "private, max-age=604800, immutable"
    assert b"8\xe5\x8f\xb7\xe9\x99\xa2" not in shown.data and b"Exif" not in shown.data
    assert texts(client.get("/stories"), ".card__title") == [TITLE] == texts(client.get("/"), ".tile .card__title")
    assert act(town, row, "take_down", reason="本人不再同意公开").status_code == 303
    assert same_page(client.get(f"/stories/{row.number}"), missing)
    assert client.get(photo).status_code == 404


def test_the_public_learns_nothing_of_the_inside(cast, browse, client):
    row = a_story(cast, "published", about_id=cast.member1_row.id)
    page = client.get(f"/stories/{row.number}")
    assert not re.search("王秀兰|郑卫东|写到了谁|内部信息|办理过程", page.text)
    member = browse(cast.users["member1"]).get(f"/stories/{row.number}")
    assert texts(member, "h1") == [TITLE] and "内部信息" not in member.text
    assert "内部信息" in browse(cast.users["clerk1b"]).get(f"/stories/{row.number}").text


def test_every_face_serves_the_public_page_with_its_photo(cast, browse, face):
    row = a_story(cast)
    with_photo(browse(cast.users["clerk1"]), row)
    stories.submit(row, cast.by("clerk1"))
    stories.publish(row, cast.by("county"))
    db.session.commit()
    number, file = row.number, db.session.scalars(db.select(Upload.file)).one()
    for name in ("public", "member", "internal"):
        visitor = face(name).test_client()
        page = visitor.get(f"/stories/{number}")
        assert texts(page, "h1") == [TITLE], name
        assert visitor.get(f"/stories/{number}/photos/{file}").status_code == 200, name
        assert visitor.get("/stories").status_code == visitor.get("/").status_code == 200
    assert face("public").test_client().get(f"/stories/{number}/sheet").status_code == 404


def test_what_is_missing_is_said_and_what_was_typed_stays(cast, browse):
    clerk = browse(cast.users["clerk1"])
    form = form_to(clerk.get("/stories/new").text, "")
    answer = clerk.post("/stories/new", data=form.filled(**WORDS | {"title": ""}))
    assert (answer.status_code, texts(answer, ".errors li")) == (422, ["请填写标题。"])
    assert "雨夜" in answer.text
    answer = clerk.post("/stories/new", data=form.filled(**WORDS, wish_number="2026-9999"))
    assert answer.status_code == 409
    assert texts(answer, ".errors li") == ["没有这个受理号的心愿，或者它不归本机构看。"]
    assert db.session.scalars(db.select(Story)).all() == []


def test_two_at_one_story_the_second_sees_both_texts(cast, browse):
    row = a_story(cast)
    one, two = browse(cast.users["clerk1"]), browse(cast.users["clerk1b"])
    address = f"/stories/{row.number}/edit"
    first, second = (form_to(browser.get(address).text, "") for browser in (one, two))
    assert one.post(address, data=first.filled(title="一盏灯")).status_code == 303
    answer = two.post(address, data=second.filled(title="楼道的灯"))
    assert answer.status_code == 409
    assert texts(answer, "tbody tr")[0] == "标题楼道的灯一盏灯"


def test_no_form_is_opened_that_would_be_refused(cast, browse):
    row = a_story(cast, "submitted")
    for username, status in (("clerk1", 409), ("chengguan", 403), ("clerk2", 404)):
        browser = browse(cast.users[username])
        for page in ("edit", "photos"):
            assert browser.get(f"/stories/{row.number}/{page}").status_code == status, (username, page)


def test_photos_are_added_and_removed_while_it_is_written(cast, browse):
    row = a_story(cast)
    clerk = browse(cast.users["clerk1"])
    for colour in ("red", "blue"):
        assert with_photo(clerk, row, colour).status_code == 303
    page = clerk.get(f"/stories/{row.number}")
    address = select(page, ".photo-list form")[0].get("action")
    assert clerk.post(address, data=form_to(page.text, address).filled()).status_code == 303
    assert len(select(clerk.get(f"/stories/{row.number}"), ".article__photos img")) == 1
    assert clerk.post(address, data={}).status_code == 409
    answer = clerk.post(f"/stories/{row.number}/photos", data={"photos": (a_photo(), "现场.jpg")})
    assert answer.status_code == 422 and "请先征得照片里认得出的每个人同意" in answer.text
    sent = {"photos": (io.BytesIO(b"%PDF-1.7"), "a.pdf"), "agreed": "y"}
    answer = clerk.post(f"/stories/{row.number}/photos", data=sent)
    assert answer.status_code == 422 and "不能上传" in answer.text
    assert browse(cast.users["clerk2"]).post(address, data={}).status_code == 404
    act(clerk, row, "submit")
    assert with_photo(clerk, row).status_code == 409


def test_the_sheet_for_a_board(cast, browse):
    row = a_story(cast, "published")
    page = browse(cast.users["clerk1"]).get(f"/stories/{row.number}/sheet")
    assert texts(page, ".board-sheet h1") == [TITLE]
    assert select(page, ".board-sheet__foot img")[0].get("src").startswith("data:image/svg")
    draft = browse(cast.users["clerk1"]).get(f"/stories/{a_story(cast).number}/sheet")
    assert "校对稿" in draft.text and not select(draft, ".board-sheet__foot img")


def test_the_shelf_turns_pages_and_narrows(cast, client):
    for number in range(14):
        a_story(cast, "published", title=f"第{number}篇")
    page = client.get("/stories")
    assert len(texts(page, ".tile")) == 12 and texts(page, ".card__title")[0] == "第13篇"
    following = select(page, ".pager a[rel=next]")[0].get("href")
    assert texts(client.get(following), ".card__title") == ["第1篇", "第0篇"]
    assert texts(client.get("/stories?kind=practice"), ".empty__title") == ["还没有这一类的故事"]


def test_from_the_county_to_an_answer(cast, browse):
    county, clerk = browse(cast.users["county"]), browse(cast.users["clerk1"])
    form = form_to(county.get("/notices/new").text, "")
    words = {"title": "碰头会", "body": "周六上午九点。", "roles": ["clerk"], "asks_answer": "y",
             "answer_by": form.values["until"]}  # fmt: skip
    warned = county.post("/notices/new", data=form.filled(**words))
    assert warned.status_code == 422
    assert texts(warned, ".banner__title") == ["要请 3 人逐一回执？"] and "周六上午九点。" in warned.text
    sent = county.post("/notices/new", data=form.filled(**words, sure="y"))
    row = db.session.scalars(db.select(Notice)).one()
    assert (sent.status_code, sent.location) == (303, f"/notices/{row.number}")
    assert any(words.startswith("通知请回执") for words in texts(clerk.get("/desk"), ".todo__words"))
    assert act(county, row, "urge").status_code == 303
    assert any("已催办" in words for words in texts(clerk.get("/desk"), ".todo__words"))
    address = f"/notices/{row.number}/answer"
    colleague = browse(cast.users["clerk1b"])
    one, two = (form_to(browser.get(f"/notices/{row.number}").text, address) for browser in (clerk, colleague))
    assert clerk.post(address, data=one.filled(words="派人参加")).status_code == 303
    again = colleague.post(address, data=two.filled(words="也来"))
    assert again.status_code == 409 and "儒林社区 王秀兰已经回执过了。" in again.text
    assert "您写的“也来”没有发出。" in again.text and "派人参加" in again.text
    page = county.get(f"/notices/{row.number}")
    assert texts(page, "main h2")[0] == "回执：1 / 2"
    assert "派人参加" in page.text and "凤鸣社区" in page.text
    assert not any("通知" in words for words in texts(clerk.get("/desk"), ".todo__words"))


def test_taken_note_of_or_answered_too_long(cast, browse):
    """The to-do is gone from the desk at once; an answer that can't be taken comes back with its words."""
    clerk, row, other = browse(cast.users["clerk1"]), a_notice(cast), a_notice(cast, words=asking())
    assert any(words.startswith("通知还没有看") for words in texts(clerk.get("/desk"), ".todo__words"))
    assert act(clerk, row, "note").status_code == 303
    assert not any(words.startswith("通知还没有看") for words in texts(clerk.get("/desk"), ".todo__words"))
    answer = clerk.post(f"/notices/{other.number}/answer", data={"words": "来" * 201})
    assert answer.status_code == 422 and texts(answer, ".errors li") == ["最多 200 个字。"]
    assert select(answer, "input[name=words]")[0].get("value") == "来" * 201


def test_a_reader_learns_nothing_of_other_answers(cast, browse):
    walk(cast, "filed")
    row = a_notice(cast, "clerk1", (Role.MEMBER,), asking())
    page = browse(cast.users["member1"]).get(f"/notices/{row.number}")
    assert not re.search("回执：|还没有回执|办理过程", page.text)
    assert browse(cast.users["member1"]).get(f"/notices/{row.number}/members").status_code == 403
    assert db.session.scalars(db.select(NoticeAnswer)).all() == []


def test_of_a_withdrawn_notice_readers_learn_only_that_it_was_withdrawn(cast, browse):
    county, clerk = browse(cast.users["county"]), browse(cast.users["clerk1"])
    form = form_to(county.get("/notices/new").text, "")
    words = {
        "title": "碰头会",
        "body": "周六上午九点。",
        "roles": ["clerk", "liaison"],
        "files": (a_photo(), "路线.jpg"),
    }
    assert county.post("/notices/new", data=form.filled(**words)).status_code == 303
    row = db.session.scalars(db.select(Notice)).one()
    page, file = (
        f"/notices/{row.number}",
        f"/notices/{row.number}/files/{db.session.scalars(db.select(Upload.file)).one()}",
    )
    assert "周六上午九点。" in clerk.get(page).text and clerk.get(file).status_code == 200
    assert act(county, row, "withdraw", reason="日期写错了").status_code == 303
    shown = clerk.get(page)
    assert texts(shown, "h1") == ["碰头会 已撤回"]
    assert re.fullmatch(r"县委组织部于.+撤回。原因：日期写错了", texts(shown, ".banner p")[-1])
    assert not re.search("周六上午九点|路线|有效期至", shown.text)
    assert clerk.get(file).status_code == 404
    for sender in ("county", "county_b"):
        browser = browse(cast.users[sender])
        assert "周六上午九点。" in browser.get(page).text and browser.get(file).status_code == 200
    own = a_notice(cast, "clerk1", (Role.GRID_WORKER,))
    assert act(browse(cast.users["clerk1b"]), own, "withdraw", reason="发重了").status_code == 303
    words = texts(browse(cast.users["grid1"]).get(f"/notices/{own.number}"), ".banner p")[-1]
    assert words.startswith("儒林社区于") and words.endswith("撤回。原因：发重了")
