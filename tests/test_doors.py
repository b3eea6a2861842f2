"""The doors: role × route, typed by hand. An undeclared route, or one missing here, fails the suite.

Each room's own tests hold the rows behind the doors (own, foreign, missing); `ROWS` below crosses them once more.
"""

import re

import pytest

from portal import clock
from portal.actors import Role
from portal.doors import SAFE_METHODS
from portal.extensions import db
from portal.numbers import latest
from portal.papers import attesting
from tests.activities.making import an_activity
from tests.evaluations.conftest import a_note, an_evaluation
from tests.exemplars.conftest import an_exemplar
from tests.feedback.conftest import a_bulletin, a_contact, a_difficulty
from tests.households.conftest import a_household, a_support, a_visit
from tests.inspections.conftest import drafted, finding_of
from tests.inspections.conftest import walk as an_inspection
from tests.pages import same_page
from tests.pairings.conftest import action, paired, point, project
from tests.papers.making import accepted, certificate, service
from tests.pledges.conftest import pledged
from tests.publicity.making import a_notice, a_story
from tests.records.test_life_cycle import a_record
from tests.registrations.conftest import walk
from tests.remarks.conftest import a_remark
from tests.reports.making import a_part, a_report
from tests.suggestions.conftest import a_suggestion
from tests.wishes.making import a_wish, register
from tests.work.conftest import some_work

# M member, G grid worker, C clerk, L liaison, T town, D department, W work committee, I inspector, N county, A admin;
# "+" everybody, "*" everyone signed in.
PERSON = {
    "M": "member1", "G": "grid1", "C": "clerk1", "L": "liaison1", "T": "chengguan", "D": "dept1", "W": "committee",
    "I": "inspector", "N": "county", "A": "admin",
}  # fmt: skip
DOORS = """
/                                                 +
/accounts                                         CLTDNA
/accounts/<row:user>                              CLTDNA
/accounts/<row:user>/<verb>                       CLTDNA
/accounts/<row:user>/appoint                      CLTDNA
/accounts/<row:user>/forgive                      CLTDNA
/accounts/<row:user>/join                         N
/accounts/<row:user>/rename                       CLTDNA
/accounts/<row:user>/reset                        CLTDNA
/accounts/members                                 L
/accounts/new                                     CLTDNA
/accounts/offices                                 CTDNA
/accounts/resets                                  CLTDNA
/accounts/slips                                   CLTDNA
/activities                                       MGCLTDWN
/activities/<number:activity>                     +
/activities/<number:activity>/<verb>              *
/activities/<number:activity>/copy                CN
/activities/<number:activity>/edit                CN
/activities/<number:activity>/enter               CN
/activities/<number:activity>/roll                GCN
/activities/<number:activity>/template            CN
/activities/again                                 CN
/activities/drafts                                CN
/activities/mine                                  M
/activities/new                                   CN
/activities/results/<row:act>                     CN
/activities/templates                             CN
/activities/templates/<row:template>/remove       CN
/activities/templates/<row:template>/use          CN
/appointments/<row:appointment>                   CLTDNA
/appointments/<row:appointment>/<verb>            CLTDNA
/appointments/<row:appointment>/use               *
/archive                                          CLTDNA
/archive/<row:copy>                               CLTDNA
/archive/<row:copy>.pdf                           CLTDN
/archive/<row:copy>/again                         NA
/archive/<row:copy>/erase                         N
/archive/packages                                 CLTDN
/archive/packages/<row:package>                   CLTDN
/archive/packages/<row:package>.zip               CLTDN
/archive/packages/<row:package>/cancel            CLTDN
/bridge                                           N
/bridge/<row:template>                            N
/bridge/<row:template>/edit                       N
/bridge/<row:template>/send                       N
/bridge/new                                       N
/closing                                          N
/closing/<closing>                                N
/closing/<closing>/<table>/<by>                   N
/closing/<closing>/<verb>                         N
/closing/<closing>/list/<kind>                    N
/closing/<closing>/propose                        N
/closing/<closing>/reject                         N
/closing/corrections                              N
/closing/corrections/<row:correction>             N
/closing/corrections/<row:correction>/<verb>      N
/closing/corrections/add/<year>                   N
/closing/corrections/new/<row:record>             N
/closing/corrections/to-enter                     C
/charts                                           CLTDWN
/charts/<key>.svg                                 CLTDWN
/charts/all.pdf                                   CLTDWN
/desk                                             *
/doubles                                          N
/doubles/<row:double>                             N
/doubles/<row:double>/<verb>                      N
/doubles/open                                     N
/duties                                           CLTDWN
/duties/<row:member>                              *
/duties/export                                    CLTDWN
/duties/people                                    CLTDWN
/duties/people/export                             CLTDWN
/elder                                            +
/evaluations                                      CLTDWN
/evaluations/<number:evaluation>                  *
/evaluations/<number:evaluation>/<verb>           *
/evaluations/<number:evaluation>/evidence         *
/evaluations/<number:evaluation>/next             C
/evaluations/bulk                                 C
/evaluations/bulk/acknowledge                     LTD
/evaluations/grades                               N
/evaluations/grades/<row:grade>                   N
/evaluations/grades/new                           N
/evaluations/mine                                 M
/evaluations/next                                 C
/evaluations/notes                                CLTDWN
/evaluations/notes/<number:note>                  *
/evaluations/notes/<number:note>/<verb>           *
/evaluations/notes/new                            C
/evaluations/notes/new/<row:registration>         C
/evaluations/open                                 C
/evaluations/results/<row:act>                    CLTD
/exemplars                                        MGCLTDWN
/exemplars/<number:exemplar>                      MGCLTDWN
/exemplars/<number:exemplar>/<verb>               *
/exemplars/new                                    C
/feedback                                         CLTDWN
/feedback/<number:bulletin>                       CLTDWN
/feedback/<number:bulletin>/<verb>                *
/feedback/bulk                                    CL
/feedback/contacts                                CLTDWN
/feedback/contacts/<row:contact>                  CLTDWN
/feedback/contacts/<row:contact>/<verb>           *
/feedback/contacts/communities                    GCLTDWN
/feedback/contacts/new                            CL
/feedback/contacts/without                        CLTDWN
/feedback/difficulties                            MCL
/feedback/difficulties/<number:difficulty>        MCL
/feedback/difficulties/<number:difficulty>/<verb> *
/feedback/difficulties/counts                     N
/feedback/difficulties/new                        M
/feedback/results/<row:act>                       CL
/find                                             *
/find/<kind>                                      *
/firstday                                         N
/firstday/<row:firstday>                          N
/firstday/<row:firstday>/<verb>                   N
/firstday/<row:firstday>/marked.xlsx              N
/firstday/new                                     N
/firstday/template.xlsx                           N
/handover/<kind>/<row:place>                      CLTDN
/healthz                                          +
/help                                             +
/households                                       GCN
/households/<number:household>                    *
/households/<number:household>/<verb>             *
/households/<number:household>/change             GC
/households/<number:household>/look               *
/households/<number:household>/propose            C
/households/<number:household>/record             MGC
/households/<number:household>/supports/<row:support>/<verb> *
/households/counts                                TN
/households/mine                                  M
/households/new                                   GC
/households/unit                                  L
/households/visits                                MGC
/households/visits/<row:visit>                    *
/households/visits/<row:visit>/<verb>             *
/inspections                                      CLTDWIN
/inspections/<number:inspection>                  CLTDWIN
/inspections/<number:inspection>/<verb>           CLTDWIN
/inspections/<number:inspection>/choose           N
/inspections/<number:inspection>/edit             N
/inspections/<number:inspection>/inspectors       N
/inspections/<number:inspection>/refresh          N
/inspections/<number:inspection>/targets/<row:target> CLTDWIN
/inspections/<number:inspection>/targets/<row:target>/drop N
/inspections/<number:inspection>/targets/<row:target>/evidence/<drawn> IN
/inspections/<number:inspection>/targets/<row:target>/find IN
/inspections/<number:inspection>/targets/<row:target>/grade N
/inspections/<number:inspection>/targets/<row:target>/merit N
/inspections/<number:inspection>/targets/<row:target>/tick/<row:item> IN
/inspections/<number:inspection>/targets/<row:target>/visit IN
/inspections/checklists                           N
/inspections/checklists/<row:checklist>           N
/inspections/checklists/<row:checklist>/edit      N
/inspections/checklists/<row:checklist>/items/<row:item> N
/inspections/checklists/<row:checklist>/items/<row:item>/remove N
/inspections/checklists/<row:checklist>/items/new N
/inspections/checklists/standard                  N
/inspections/findings                             CLTDWIN
/inspections/findings/<row:finding>               CLTDWIN
/inspections/findings/<row:finding>/<verb>        CLTDWIN
/inspections/findings/<row:finding>/edit          IN
/inspections/findings/<row:finding>/files/<name>  CLTDWIN
/inspections/new                                  N
/inspections/notices                              CLTDWIN
/inspections/notices/<number:notice>              CLTDWIN
/inspections/notices/<number:notice>/<verb>       CLTDWIN
/inspections/notices/<number:notice>/edit         N
/inspections/notices/of/<number:inspection>       N
/lists/<name>                                     GCLTDWNA
/login                                            +
/login/code                                       +
/logout                                           *
/members                                          CLTDWN
/members/<row:member>                             *
/members/<row:member>/edit                        L
/members/<row:member>/look                        N
/members/new                                      L
/menu                                             +
/menu/activities/<number:number>.ics              +
/menu/calendar                                    +
/menu/communities/<row:community>.ics             +
/menu/mine                                        M
/menu/mine.ics                                    M
/messages                                         *
/messages/<row:message>/read                      *
/messages/read                                    *
/messages/settings                                *
/organisations                                    CTDWNA
/organisations/<kind>                             CTDWNA
/organisations/<kind>/<row:place>                 CTDWNA
/organisations/<kind>/<row:place>/edit            NA
/organisations/<kind>/new                         NA
/organisations/communities/<row:place>/estates                       CNA
/organisations/communities/<row:place>/estates/<row:estate>/remove   CNA
/organisations/communities/<row:place>/grids/<row:grid>/edit         CNA
/organisations/communities/<row:place>/grids/new                     CNA
/pairings                                         CLTDWN
/pairings/<row:pairing>                           CLTDWN
/pairings/<row:pairing>/<verb>                    CLTDWN
/pairings/<row:pairing>/plan                      CL
/pairings/<row:pairing>/record                    CL
/pairings/actions                                 CLTDWN
/pairings/actions/<row:action>                    CLTDWN
/pairings/actions/<row:action>/<verb>             CLTDWN
/pairings/contact-points                          CLTDWN
/pairings/contact-points/<row:point>              *
/pairings/contact-points/<row:point>/<verb>       *
/pairings/contact-points/propose                  LTD
/pairings/projects                                CLTDWN
/pairings/projects/<row:project>                  CLTDWN
/pairings/projects/<row:project>/<verb>           CLTDWN
/pairings/propose                                 CL
/papers                                           CLTDN
/papers/<kind>/<number:number>                    *
/papers/<kind>/<number:number>.pdf                *
/papers/<kind>/of/<number:number>                 *
/papers/<kind>/of/<number:number>.pdf             *
/papers/contacts                                  GCLTDWN
/papers/contacts.pdf                              GCLTDWN
/papers/jobs/<row:job>                            CLTDN
/papers/jobs/<row:job>/again                      CLTDN
/papers/jobs/<row:job>/cancel                     CLTDN
/papers/jobs/<row:job>/file                       CLTDN
/papers/tables/<table>                            CLTDWN
/papers/tables/<table>.pdf                        CLTDWN
/papers/tables/register/<row:community>           CLTDWN
/papers/tables/register/<row:community>.pdf       CLTDWN
/papers/tables/register/<row:community>/print     CLTDWN
/papers/wish-slip/<number:number>.pdf             +
/password                                         *
/pledges                                          +
/pledges/<number:pledge>                          *
/pledges/<number:pledge>/<verb>                   *
/pledges/bulk                                     LTD
/pledges/cases                                    CLTDWN
/pledges/members/<row:member>/write               L
/pledges/mine                                     M
/pledges/mine/write                               M
/pledges/missing                                  L
/pledges/results/<row:act>                        LTD
/pledges/sheet                                    CTN
/posts                                            MGCLTDWN
/posts/<number:post>                              *
/posts/<number:post>/<verb>                       *
/posts/<number:post>/edit                         C
/posts/<number:post>/roll                         C
/posts/<number:post>/serve                        M
/posts/new                                        C
/posts/results/<row:act>                          C
/proofs                                           MCLTDWN
/proofs/<number:proof>                            *
/proofs/<number:proof>/<verb>                     *
/proofs/new                                       C
/proofs/new/<number:registration>                 C
/readyz                                           +
/records                                          MGCLTDWN
/records/<row:record>                             *
/records/<row:record>/<verb>                      *
/records/<row:record>/objection/<verb>            C
/records/<row:record>/rewrite                     C
/records/confirm                                  GCT
/records/mine/new                                 M
/records/new                                      C
/records/new/<row:member>                         C
/registrations                                    CLTDWN
/registrations/<number:registration>              *
/registrations/<number:registration>/<verb>       *
/registrations/<number:registration>/look         CLN
/registrations/bulk                               CL
/registrations/by-number                          C
/registrations/card                               M
/registrations/card/check                         M
/registrations/deferments                         LTDWN
/registrations/deferments/<row:deferment>         LTDWN
/registrations/deferments/<row:deferment>/<verb>  LTDWN
/registrations/deferments/ask/<row:member>        L
/registrations/exemptions                         LTDWN
/registrations/exemptions/<row:exemption>         LTDWN
/registrations/exemptions/<row:exemption>/<verb>  LTDWN
/registrations/exemptions/ask/<row:member>        L
/registrations/export                             CLTDWN
/registrations/file                               C
/registrations/file/export                        C
/registrations/file/team                          C
/registrations/grouping                           C
/registrations/issue                              LTD
/registrations/members/<row:member>/card          L
/registrations/members/<row:member>/leave         L
/registrations/mine                               M
/registrations/people                             CLTDWN
/registrations/people/export                      CLTDWN
/registrations/rates                              CLTDWN
/registrations/rates/export                       CLTDWN
/registrations/results/<row:act>                  CLTDWN
/registrations/transfers                          LTDWN
/registrations/transfers/<row:transfer>           LTDWN
/registrations/transfers/<row:transfer>/<verb>    LTDWN
/registrations/transfers/ask                      L
/registrations/uncertified                        L
/registrations/unchecked                          L
/registrations/urge/members                       L
/registrations/urge/units                         TDWN
/remarks                                          MCT
/remarks/<number:remark>                          *
/remarks/<number:remark>/<verb>                   *
/remarks/<number:remark>/look                     *
/remarks/new                                      +
/remarks/sent                                     +
/remarks/take-down                                C
/reports/tables                                   CLTDWN
/reports/tables/<table>                          CLTDWN
/reports/tables/<table>/behind                   CLTDWN
/reports/tables/<table>/behind/export            CLTDWN
/reports/tables/<table>/export                   CLTDWN
/reports/tables/breaches                          CLTDWN
/reports/tables/register/<row:community>/export   CLTDWN
/reports                                          TDWN
/reports/<number:report>                          TDWN
/reports/<number:report>/<verb>                   TDWN
/reports/<number:report>/compare/<table>          TDWN
/reports/<number:report>/register/<row:community> TDWN
/reports/<number:report>/submission               TDWN
/reports/<number:report>/submit                   TD
/reports/<number:report>/tables/<table>/behind    TDWN
/reports/<number:report>/urge-parts               T
/reports/<number:report>/words/<table>            TD
/reports/open                                     N
/reports/parts                                    C
/reports/parts/<row:part>                         CTN
/reports/parts/<row:part>/<verb>                  CTN
/reports/urge                                     N
/reports/whole                                    N
/reports/whole/behind                             N
/rosters                                          LN
/rosters/<row:roster>                             LN
/rosters/<row:roster>/<verb>                      LN
/rosters/<row:roster>/marked.xlsx                 L
/rosters/new                                      L
/rosters/template.xlsx                            LN
/scheme                                           NA
/scheme/<year>                                    NA
/scheme/<year>/edit                               NA
/scheme/<year>/open                               NA
/scheme/calendar                                  NA
/scheme/calendar/<year>                           NA
/scheme/calendar/<year>/add                       NA
/scheme/calendar/<year>/paste                     NA
/scheme/calendar/<year>/seed                      NA
/scheme/calendar/<year>/upload                    NA
/scheme/calendar/days/<row:day>/remove            NA
/scheme/calendar/template.xlsx                    NA
/seals                                            CLTDN
/seals/<row:paper>                                CLTDN
/seals/<row:paper>/<verb>                         CLTDN
/seals/<row:paper>/scans                          CLTDN
/seals/<row:paper>/scans/<name>                   CLTDN
/seals/bulk                                       CLTDN
/seals/missing                                    CLTDN
/seals/results/<row:act>                          CLTDN
/second-factor                                    NA
/service-days                                     +
/service-days/<year>                              +
/service-days/<year>.ics                          +
/service-days/<year>/<quarter>                    NA
/service-days/<year>/<quarter>/drop               NA
/sought                                           *
/static/<path:filename>                           +
/notices                                          MGCLTDWN
/notices/<number:notice>                          MGCLTDWN
/notices/<number:notice>/<verb>                   MGCLTDWN
/notices/<number:notice>/answer                   MGCLTDWN
/notices/<number:notice>/files/<file>             MGCLTDWN
/notices/<number:notice>/members                  CLTDWN
/notices/<number:notice>/note                     MGCLTDWN
/notices/new                                      CLTDWN
/stories                                          +
/stories/<number:story>                           +
/stories/<number:story>/<verb>                    *
/stories/<number:story>/edit                      CLTDWN
/stories/<number:story>/photos                    CLTDWN
/stories/<number:story>/photos/<file>             +
/stories/<number:story>/photos/<file>/remove      CLTDWN
/stories/<number:story>/sheet                     *
/stories/cases                                    CLTDWN
/stories/new                                      CLTDWN
/summaries/<number:report>                        TDWN
/summaries/<number:report>.docx                   TDWN
/summaries/<number:report>/edit                   TD
/suggestions                                      MCLTDN
/suggestions/<number:suggestion>                  *
/suggestions/<number:suggestion>/<verb>           *
/suggestions/adopted                              MCLTDN
/suggestions/new                                  M
/suggestions/stand-in                             C
/teams                                            MGCLTDWN
/teams/<row:team>                                 *
/teams/<row:team>/<verb>                          *
/teams/<row:team>/edit                            C
/teams/new                                        C
/undo                                             GCLTDNA
/undo/<row:note>                                  GCLTDNA
/undo/results/<row:act>                           GCLTDNA
/verify                                           +
/verify/<code>                                    +
/verify/key.pem                                   +
/wishes                                           +
/wishes/<number:number>/code                      C
/wishes/<number:number>/look                      *
/wishes/<number:number>/photos/<name>             +
/wishes/<number:number>/slip                      +
/wishes/<number:wish>                             +
/wishes/<number:wish>/<verb>                      *
/wishes/<number:wish>/confirm                     +
/wishes/<number:wish>/finish                      *
/wishes/<number:wish>/reopen                      +
/wishes/<number:wish>/withdraw                    +
/wishes/callbacks                                 GC
/wishes/cases                                     GCTN
/wishes/follow                                    +
/wishes/follow/<verb>                             +
/wishes/follow/leave                              +
/wishes/gap                                       CTN
/wishes/gap/members                               CTN
/wishes/mine                                      M
/wishes/new                                       +
/wishes/review                                    GC
/wishes/slip/clear                                +
/wishes/take-down                                 GC
/wishes/team                                      M
/wishes/unit                                      L
/work                                             LTDWN
/work/<row:work>                                  LTDWN
/work/<row:work>/<verb>                           *
/work/<row:work>/edit                             LTDW
/work/<row:work>/files                            LTDW
/work/<row:work>/files/<name>                     LTDWN
/work/lacking                                     TDWN
/work/new                                         LTDW
"""
TABLE = dict(line.rsplit(maxsplit=1) for line in DOORS.strip().splitlines())

# What the faces serve: a route that is on neither list exists for offices only (`internal`, and `all`).
PUBLIC_FACE = """
/
/activities/<number:activity>
/elder
/healthz
/help
/menu
/menu/activities/<number:number>.ics
/menu/calendar
/menu/communities/<row:community>.ics
/papers/wish-slip/<number:number>.pdf
/pledges
/readyz
/remarks/new
/remarks/sent
/service-days
/service-days/<year>
/service-days/<year>.ics
/static/<path:filename>
/stories
/stories/<number:story>
/stories/<number:story>/photos/<file>
/verify
/verify/<code>
/verify/key.pem
/wishes
/wishes/<number:number>/photos/<name>
/wishes/<number:number>/slip
/wishes/<number:wish>
/wishes/follow
/wishes/follow/<verb>
/wishes/follow/leave
/wishes/new
/wishes/slip/clear
"""
MEMBER_FACE_BESIDES = """
/activities
/activities/<number:activity>/<verb>
/activities/mine
/desk
/evaluations/<number:evaluation>
/evaluations/<number:evaluation>/<verb>
/evaluations/<number:evaluation>/evidence
/evaluations/mine
/evaluations/notes/<number:note>
/evaluations/notes/<number:note>/<verb>
/exemplars
/exemplars/<number:exemplar>
/exemplars/<number:exemplar>/<verb>
/feedback/<number:bulletin>/<verb>
/feedback/contacts/<row:contact>/<verb>
/feedback/difficulties
/feedback/difficulties/<number:difficulty>
/feedback/difficulties/<number:difficulty>/<verb>
/feedback/difficulties/new
/households/<number:household>
/households/<number:household>/<verb>
/households/<number:household>/look
/households/<number:household>/record
/households/<number:household>/supports/<row:support>/<verb>
/households/mine
/households/visits
/households/visits/<row:visit>
/households/visits/<row:visit>/<verb>
/find
/find/<kind>
/duties/<row:member>
/login
/login/code
/logout
/members/<row:member>
/menu/mine
/menu/mine.ics
/messages
/messages/<row:message>/read
/messages/read
/messages/settings
/notices
/notices/<number:notice>
/notices/<number:notice>/<verb>
/notices/<number:notice>/answer
/notices/<number:notice>/files/<file>
/notices/<number:notice>/note
/pairings/contact-points/<row:point>
/pairings/contact-points/<row:point>/<verb>
/papers/<kind>/<number:number>
/papers/<kind>/<number:number>.pdf
/papers/<kind>/of/<number:number>
/papers/<kind>/of/<number:number>.pdf
/password
/pledges/<number:pledge>
/pledges/<number:pledge>/<verb>
/pledges/mine
/pledges/mine/write
/posts
/posts/<number:post>
/posts/<number:post>/<verb>
/posts/<number:post>/serve
/proofs
/proofs/<number:proof>
/proofs/<number:proof>/<verb>
/records
/records/<row:record>
/records/<row:record>/<verb>
/records/mine/new
/remarks
/remarks/<number:remark>
/remarks/<number:remark>/<verb>
/registrations/<number:registration>
/registrations/<number:registration>/<verb>
/registrations/card
/registrations/card/check
/registrations/mine
/remarks
/remarks/<number:remark>
/remarks/<number:remark>/<verb>
/sought
/suggestions
/suggestions/<number:suggestion>
/suggestions/<number:suggestion>/<verb>
/suggestions/adopted
/suggestions/new
/teams
/teams/<row:team>
/teams/<row:team>/<verb>
/wishes/<number:number>/look
/wishes/<number:wish>/<verb>
/wishes/<number:wish>/confirm
/wishes/<number:wish>/finish
/wishes/<number:wish>/reopen
/wishes/<number:wish>/withdraw
/wishes/mine
/wishes/team
/work/<row:work>/<verb>
"""
ON_PUBLIC = set(PUBLIC_FACE.split())
ON_FACE = {"public": ON_PUBLIC, "member": ON_PUBLIC | set(MEMBER_FACE_BESIDES.split())}


def plain(rule: str) -> str:
    """A rule as the table writes it: long converters by the name of their argument."""
    return re.sub(r"<(?:any|int)\([^>]*\):(\w+)>", r"<\1>", rule)


def addresses(application) -> dict[str, set[str]]:
    """Each address of the portal as the table writes it, with its methods."""
    found: dict[str, set[str]] = {}
    for rule in application.url_map.iter_rules():
        if not rule.build_only:
            found.setdefault(plain(rule.rule), set()).update(rule.methods - {"HEAD", "OPTIONS"})
    return found


def filled(rule: str) -> str:
    """An address of nothing that exists."""
    values = {
        "kind": "units", "year": "2098", "quarter": "3", "verb": "confirm", "code": "2" * 12, "name": "none.jpg",
        "file": "0" * 32, "drawn": "reported", "table": "6", "closing": "2098", "by": "units",
    }  # fmt: skip
    values["key"] = "reported"
    address = re.sub(r"<number:\w+>", "2098-9999", re.sub(r"<row:\w+>", "999999", rule))
    address = address.replace("<path:filename>", "none.css")
    if address.startswith("/papers/<kind>"):
        values["kind"] = "certificate"
    if rule == "/wishes/<number:wish>/<verb>":
        values["verb"] = "claim"
    if rule == "/activities/<number:activity>/<verb>":
        values["verb"] = "publish"
    return re.sub(r"<(\w+)>", lambda argument: values[argument[1]], address)


def test_the_table_is_whole(application):
    assert set(TABLE) == set(addresses(application))


@pytest.mark.parametrize("name", ["public", "member", "internal"])
def test_a_face_serves_what_is_listed_and_nothing_else(face, name):
    """A new address comes to residents' or members' faces only by a line typed here."""
    assert set(addresses(face(name))) == ON_FACE.get(name, set(TABLE))


@pytest.mark.parametrize("letter", ["-", *PERSON])
def test_every_door_for_every_role(cast, application, browse, client, letter):
    """Nobody but those named comes in; those named are not turned away, whatever else their request lacks."""
    browser = None
    for rule, methods in addresses(application).items():
        for method in methods:
            browser = browser or (client if letter == "-" else browse(cast.users[PERSON[letter]]))
            with browser.open(filled(rule), method=method) as answer:
                status = answer.status_code
            browser = None if rule == "/logout" else browser
            allowed = TABLE[rule] == "+" or (letter != "-" and (TABLE[rule] == "*" or letter in TABLE[rule]))
            where = f"{letter} {method} {rule}: {status}"
            assert status < 500, where
            if allowed:
                assert status != 401 and (status != 403 or "<" in rule or method == "POST"), where
            elif letter == "-":
                assert status == (302 if method in SAFE_METHODS else 401), where
            else:
                assert status == 403, where


# Who sees a row of another's: member1's (unit1 under dept1, home community1 under 城关镇). The rest get what a
# missing row gets.
ROWS = {
    "record": ("/records/{id}", "MGCLTDN"),
    "registration": ("/registrations/{number}", "MCLTDN"),
    "pledge": ("/pledges/{number}", "MCLTDN"),
    "remark": ("/remarks/{number}", "MCT"),
    "household": ("/households/{number}", "MGCLN"),
    "visit": ("/households/visits/{id}", "MGC"),
    "suggestion": ("/suggestions/{number}", "MCLN"),
    "member": ("/members/{id}", "MCLTDN"),
    "five ones": ("/duties/{id}", "MCLTDN"),
    "proof": ("/proofs/{number}", "MCLTDN"),
    "pairing": ("/pairings/{id}", "CLTDN"),
    "project": ("/pairings/projects/{id}", "CLTDN"),
    "action": ("/pairings/actions/{id}", "CLTDN"),
    "point": ("/pairings/contact-points/{id}", "MCLTDN"),
    "activity": ("/activities/{number}", "C"),
    "story": ("/stories/{number}", "CTN"),
    "circular": ("/notices/{number}", "MCN"),
    "evaluation": ("/evaluations/{number}", "MCLTDN"),
    "evidence": ("/evaluations/{number}/evidence", "MCLTDN"),
    "evaluation draft": ("/evaluations/{number}", "MCT"),
    "note": ("/evaluations/notes/{number}", "MCLTDN"),
    "exemplar": ("/exemplars/{number}", "CLTDN"),
    "bulletin": ("/feedback/{number}", "CTN"),
    "bulletin sent": ("/feedback/{number}", "CLTDN"),
    "contact": ("/feedback/contacts/{id}", "CLTDN"),
    "difficulty": ("/feedback/difficulties/{number}", "ML"),
    "work": ("/work/{id}", "LDN"),
    "inspection": ("/inspections/{number}", "CLTDIN"),
    "finding": ("/inspections/findings/{id}", "LDIN"),
    "notice": ("/inspections/notices/{number}", "N"),
    "report": ("/reports/{number}", "DWN"),
    "part": ("/reports/parts/{id}", "CTN"),
    "sealed paper": ("/seals/{id}", "CLTDN"),
}
# Who is turned away at the door, before any row is looked for.
NOT_IN = {
    "circular": "IA",
    "exemplar": "IA", "work": "MGCIA", "pairing": "MGIA", "project": "MGIA", "action": "MGIA", "report": "MGCLIA",
    "bulletin": "MGIA", "bulletin sent": "MGIA", "contact": "MGIA", "difficulty": "GTDWINA",
    "part": "MGLDWIA", "inspection": "MGA", "finding": "MGA", "notice": "MGA",
    "sealed paper": "MGWIA",
}  # fmt: skip
FOREIGN = {"member2": "M", "clerk2": "C", "liaison2": "L", "dept2": "D", "town2": "T"}


def certificate_of(registration):
    return latest("certificate", registration.id)


def a_proof(cast):
    registration, day = accepted(certificate(cast.member1_row)), clock.today().replace(month=1, day=1)
    service(cast.member1_row, day)
    row = attesting.issue(registration, cast.by("clerk1"), day, day)
    db.session.commit()
    return row


def adopted_by_member1(cast):
    cast.member1_row.leading = True
    return point(cast, member=cast.member1_row)


def supported_by_member1(cast):
    register(cast, "member1")
    household = a_household(cast)
    a_support(cast, household)
    return household


def to_members(cast):
    """clerk1's notice to the members registered in community1: member1 is."""
    walk(cast, "filed")
    return a_notice(cast, "clerk1", (Role.MEMBER,))


@pytest.mark.parametrize("kind", list(ROWS))
def test_a_foreign_row_answers_like_a_missing_one(cast, browse, kind):
    row = {
        "record": lambda: a_record(cast),
        "registration": lambda: walk(cast),
        "pledge": lambda: pledged(cast, "submitted"),
        "remark": lambda: a_remark(cast, "put"),
        "household": lambda: supported_by_member1(cast),
        "visit": lambda: a_visit(cast, supported_by_member1(cast)),
        "suggestion": lambda: a_suggestion(cast),
        "member": lambda: cast.member1_row,
        "five ones": lambda: cast.member1_row,
        "proof": lambda: a_proof(cast),
        "pairing": lambda: paired(cast),
        "project": lambda: project(cast),
        "action": lambda: action(cast),
        "point": lambda: adopted_by_member1(cast),
        "activity": lambda: an_activity(cast, "draft"),
        "story": lambda: a_story(cast, "submitted"),
        "circular": lambda: to_members(cast),
        "evaluation": lambda: an_evaluation(cast, "sent"),
        "evidence": lambda: an_evaluation(cast, "sent"),
        "evaluation draft": lambda: an_evaluation(cast),
        "note": lambda: a_note(cast),
        "report": lambda: a_report(cast),
        "part": lambda: a_part(cast),
        "bulletin": lambda: a_bulletin(cast),
        "bulletin sent": lambda: a_bulletin(cast, "sent"),
        "contact": lambda: a_contact(cast),
        "difficulty": lambda: a_difficulty(cast),
        "exemplar": lambda: an_exemplar(cast),
        "work": lambda: some_work(cast),
        "inspection": lambda: an_inspection(cast, "issued"),
        "finding": lambda: finding_of(an_inspection(cast, "issued")),
        "notice": lambda: drafted(cast),
        "sealed paper": lambda: certificate_of(walk(cast)),
    }[kind]()
    pattern, letters = ROWS[kind]
    address = pattern.format(id=row.id, number=getattr(row, "number", ""))
    missing = pattern.format(id=999999, number="2098-9999")
    sees = {PERSON[letter] for letter in letters}
    people = {person: letter for letter, person in PERSON.items()} | FOREIGN
    shut_out = {person for person, letter in people.items() if letter in NOT_IN.get(kind, "")}
    for person in people:
        browser = browse(cast.users[person])
        answer = browser.get(address)
        if person in sees:
            assert answer.status_code == 200, person
        elif person in shut_out:
            assert answer.status_code == 403, person
        else:
            assert answer.status_code == 404, person
            assert same_page(answer, browser.get(missing)), person


def test_a_wish_off_the_wall_is_missing_for_those_who_may_not_see_it(cast, browse, client):
    wish = a_wish(cast, "published", on_wall=False)
    db.session.commit()
    missing = client.get("/wishes/2098-9999")
    assert same_page(client.get(f"/wishes/{wish.number}"), missing)
    assert browse(cast.users["clerk2"]).get(f"/wishes/{wish.number}").status_code == 404
    assert browse(cast.users["clerk1"]).get(f"/wishes/{wish.number}").status_code == 200
