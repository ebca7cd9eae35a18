"""All that can be said of one customer, in every room of every service, each word once."""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from chassis.events.dead_letters import park
from chassis.identity import Who
from services.customers.spreadsheets.tables import imports
from services.followups.app import SERVICE as FOLLOWUPS
from services.reception.app import SERVICE as RECEPTION
from tests.journeys.house import BOSS, CUSTOMERS, SELLER, SERVICES, House
from tests.services import synthetic as say
from tests.services.customers.house import LI, ZHAO, upload
from tests.services.reception.office import MANAGER, seller
from tests.services.synthetic import named

NAME, PHONE = "欧阳若兰", "13900139000"
OTHER_PHONE, WRONG_PHONE, SISTER, KIN_PHONE = "13611112222", "13622223333", "13700137000", "13500135000"
WRITTEN = {"fullwidth": "１３９００１３９０００", "spaced": "欧　阳 若兰", "hyphens": "139-0013-9000"}
APPLICANT = replace(ZHAO, permissions=frozenset({"customers.see", "customers.claim"}))
_DISCIPLINE = frozenset(f"discipline.{one}" for one in ("see", "record", "decide", "mediate", "answer"))
JUDGE = replace(MANAGER, permissions=MANAGER.permissions | _DISCIPLINE)
OPERATOR = replace(BOSS, permissions=frozenset({"operations.see", "operations.manage"}))
_DEMAND = ("purpose", "budget", "layout", "area", "preference", "purchasing_power")
STATISTICS = {"industry": "制造业", "province": "浙江省", "city": "杭州市", "district": "西湖区"}
"""Told in events for everybody to count by: they stay there."""
_ENDS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


@dataclass
class Story:
    """What is said, and the words for it; each act has a key, so that its answer is kept."""

    house: House
    words: list[str] = field(default_factory=lambda: [NAME, PHONE, OTHER_PHONE, WRONG_PHONE, SISTER, *WRITTEN.values()])
    ids: dict[str, Any] = field(default_factory=dict)
    _numbers: Any = field(default_factory=count)

    def word(self, of: str) -> str:
        """A word that nobody has said before."""
        number = next(self._numbers)
        self.words.append(f"{of}{_ENDS[number // 22]}{_ENDS[number % 22]}话")
        return self.words[-1]

    def did(self, who: Who, method: str, path: str, body: Any = None, service: Any = CUSTOMERS, **headers: str) -> Any:
        key = {"Idempotency-Key": f"key {next(self._numbers)}"} if method == "POST" else {}
        return self.house.done(service, who, method, path, body, headers=key | headers)

    def tell(self) -> None:
        """All of it, one room after the other."""
        self.she_comes()
        self.her_file()
        self.her_names_and_phones()
        self.her_family()
        self.whose_she_is()
        self.sheets()
        self.searches_and_exports()
        self.followups()
        self.reception()
        self.points()
        self.letters()
        self.house.settle()

    def she_comes(self) -> None:
        self.did(BOSS, "POST", "customers/fields", {"name_zh": "爱好", "name_en": "Hobby", "kind": "text"})
        said = {"name": NAME, "phone": PHONE, "note": self.word("来访"), "intent": self.word("意向")}
        said |= {"companions": [{"name": "同来", "phone": "13400134000"}]}
        self.ids["visit"] = self.house.hall.visit()
        done = self.house.hall.act(seller("li"), self.ids["visit"], "complete", said)
        assert done.status_code == 200, done.get_json()
        self.house.settle()
        (hers,) = self.did(BOSS, "POST", "customers/search", {"phone": PHONE})["items"]
        self.ids |= {"hers": hers["customer_id"], "code": hers["code"]}

    def path(self, what: str = "") -> str:
        return f"customers/{self.ids['hers']}{what}"

    def version(self, path: str) -> dict[str, str]:
        return {"If-Match": f'"{self.did(BOSS, "GET", path)["version"]}"'}

    def her_file(self) -> None:
        (own,) = self.did(BOSS, "GET", "customers/fields")["items"]
        file = {
            "company": self.word("公司"),
            "remarks": self.word("备注"),
            "details": {own["field_id"]: self.word("爱好")},
        }
        file |= {"demand": {one: self.word("需求") for one in _DEMAND}, "customer_type": "优质客户"} | STATISTICS
        self.did(LI, "PATCH", self.path(), file, **self.version(self.path()))
        self.did(BOSS, "PATCH", f"customers/fields/{own['field_id']}", {"searchable": True}, **{"If-Match": '"1"'})
        contact = {
            "name": "司马长风",
            "phones": [SISTER],
            "position": self.word("职位"),
            "email": "changfeng@example.com",
        }
        contact |= {"wechat": "changfeng_wx", "remarks": self.word("联系人")}
        self.words += ["司马长风", "changfeng"]
        made = self.did(LI, "POST", self.path("/contacts"), contact)
        gone = self.did(LI, "POST", self.path("/contacts"), contact | {"name": self.word("旧联系人")})
        self.did(LI, "DELETE", self.path(f"/contacts/{gone['contact_id']}"))
        change = {"remarks": self.word("联系人改")}
        self.did(LI, "PATCH", self.path(f"/contacts/{made['contact_id']}"), change, **{"If-Match": '"1"'})
        self.did(LI, "PATCH", self.path("/tags"), {"add": [self.word("标签")], "remove": []})
        self.did(BOSS, "POST", self.path("/reveal"), {"reason": self.word("查看")})

    def her_names_and_phones(self) -> None:
        self.did(LI, "POST", self.path("/register"), {"name": NAME, "phone": WRONG_PHONE})
        entries = self.did(BOSS, "GET", self.path("/register"))["entries"]
        wrong = [one["entry_id"] for one in entries if WRONG_PHONE in (one["phone"] or "")]
        self.did(BOSS, "POST", self.path("/wrong-phones"), {"entry_ids": wrong, "reason": self.word("错号")})
        acts = (
            ("欧阳若楠", "sign", None),
            ("欧阳若竹", "refuse", {"reason": self.word("不改")}),
            ("欧阳若菊", None, None),
        )
        for name, act, body in acts:
            wish = {"name": name, "because": self.word("因为")}
            self.words.append(name)
            one = self.did(LI, "POST", self.path("/amendments"), wish)["amendment_id"]
            if act:
                self.did(BOSS, "POST", f"customers/amendments/{one}/{act}", body)

    def her_family(self) -> None:
        kin = self.did(ZHAO, "POST", "customers", {"name": "上官无忌", "phone": KIN_PHONE})["customer_id"]
        self.ids["kin"] = kin
        under = {"parent_id": self.ids["hers"]}
        self.did(BOSS, "PUT", f"customers/{kin}/parent", under, **self.version(f"customers/{kin}"))
        for act, then in (("confirm", "end"), ("refuse", None), (None, None)):
            asked = self.did(
                ZHAO, "POST", f"customers/{kin}/relations", {"relative_id": self.ids["hers"], "kind": "other"}
            )
            path = f"customers/relations/{asked['relation_id']}"
            if act:
                self.did(BOSS, "POST", f"{path}/{act}", {"reason": self.word("亲属")} if act == "refuse" else None)
            if then:
                self.did(BOSS, "POST", f"{path}/{then}", {"reason": self.word("不再")})
        verdict = self.path(f"/candidates/{kin}")
        self.did(BOSS, "POST", f"{verdict}/decide", {"same": False, "reason": self.word("不是一人")})
        self.did(BOSS, "POST", f"{verdict}/take-back", {"reason": self.word("收回判断")})
        twin = self.did(LI, "POST", "customers", {"name": NAME, "phone": OTHER_PHONE})["customer_id"]
        same = {"same": True, "reason": self.word("同一人")}
        self.did(BOSS, "POST", self.path(f"/candidates/{twin}/decide"), same)

    def whose_she_is(self) -> None:
        self.did(BOSS, "POST", self.path("/owner"), {"owner_id": None, "reason": self.word("收回")})
        self.did(APPLICANT, "POST", "customers/draws", {"wanted": 1})
        self.did(BOSS, "POST", self.path("/owner"), {"owner_id": named("li"), "reason": self.word("指派")})
        for answer in (self.word("不批"), None):
            wish = {"customer_id": self.ids["hers"], "reason": self.word("申请")}
            applied = self.did(APPLICANT, "POST", "customers/applications", wish)["application_id"]
            if answer:
                decision = {"approved": False, "reason": answer}
                self.did(BOSS, "POST", f"customers/applications/{applied}/decision", decision)
        self.did(BOSS, "POST", self.path("/recycle-bin"), {"reason": self.word("误删")})
        self.did(BOSS, "POST", f"customers/recycle-bin/{self.ids['hers']}/restore")

    def sheets(self) -> None:
        """Taken in, tried and only held; with a header and without; what is refused names her in every way."""
        words = [self.word(one) for one in ("方式", "意向", "结果", "业务员")]
        rows = [f"{NAME},{PHONE},2026-03-01,{','.join(words)},A", f"{NAME},1.39E+10,,,,,,D"]
        rows += [
            f"{one},{two},,{self.word('料')},,,,D"
            for one, two in ((WRITTEN["spaced"], ""), ("无", WRITTEN["fullwidth"]))
        ]
        rows += [f"无,{WRITTEN['hyphens']},,,,,{self.word('料')},D", f"上官,138,,,,,{NAME}的表哥,D"]
        content = "\n".join(["姓名,电话,跟进日期,跟进方式,客户意向,跟进结果,业务员,等级", *rows, ""]).encode()
        bare = f"{NAME},{PHONE},{self.word('丝绸')}\n上官,138,麻\n".encode()
        held = [(content, ""), (content + b"\n", "/trial"), (bare, "/begin"), (bare + b"\n", "")]
        customers = self.house.asks["customers"]
        assert upload(customers, content, BOSS, f"{NAME}.csv").status_code == 202
        self.house.settle()
        for body, then in held:
            answer = upload(customers, body, BOSS, f"{NAME}.csv", "?hold=true")
            path = f"customers/imports/{answer.get_json()['import_id']}"
            if then:
                self.did(BOSS, "PUT", f"{path}/columns", {"fields": ["name", "phone"]})
                self.did(BOSS, "POST", path + then)
        with self.house.databases["customers"].write() as tx:
            last = imports.c.import_id == path.rpartition("/")[2]
            tx.execute(imports.update().where(last).values(content=b"broken"))
        self.did(BOSS, "PUT", f"{path}/columns", {"fields": ["name", "phone"]})
        self.did(BOSS, "POST", f"{path}/trial")

    def searches_and_exports(self) -> None:
        question = {"text": None, "conditions": [], "sort": "code", "descending": False}
        for text in (NAME, *WRITTEN.values()):
            self.did(LI, "POST", "customers/searches", {"name": f"找{text}", "question": question | {"text": text}})
        self.did(BOSS, "POST", "customers/exports", {"text": NAME})

    def followups(self) -> None:
        said = {"customer_id": self.ids["hers"], "said": self.word("说"), "result": "成交", "amount": 100_000}
        said |= {"method": self.word("方式"), "intent": self.word("意向")}
        deal = self.did(SELLER, "POST", "followups/records", said, FOLLOWUPS)["followup_id"]
        for amount, act, body in ((9, "refuse", {"reason": self.word("不准")}), (8, "sign", None), (7, None, None)):
            wish = {"deal_id": deal, "amount": amount, "reason": self.word("更正")}
            one = self.did(SELLER, "POST", "followups/corrections", wish, FOLLOWUPS)["correction_id"]
            if act:
                self.did(BOSS, "POST", f"followups/corrections/{one}/{act}", body, FOLLOWUPS)

    def reception(self) -> None:
        hall, visit = self.house.hall, self.ids["visit"]["reception_id"]
        base = "reception/discipline"
        self.did(MANAGER, "POST", f"reception/halls/{hall.hall}/look-ups", {"phone": PHONE}, RECEPTION)
        claim = {"original_id": named("zhao"), "reason": self.word("撞单")}
        self.did(seller("li"), "POST", f"reception/receptions/{visit}/re-ruling", claim, RECEPTION)
        refusal = {"reason": self.word("不成立")}
        self.did(MANAGER, "POST", f"reception/receptions/{visit}/re-ruling/refuse", refusal, RECEPTION)
        reporter = replace(seller("li"), permissions=seller("li").permissions | _DISCIPLINE)
        quarrel = {"other_id": named("zhao"), "reception_id": visit, "said": self.word("争")}
        dispute = self.did(reporter, "POST", f"{base}/disputes", quarrel, RECEPTION)["dispute_id"]
        self.did(JUDGE, "POST", f"{base}/disputes/{dispute}/decide", {"reason": self.word("裁")}, RECEPTION)
        fine = {"staff_id": named("li"), "cause": "quarrel", "note": self.word("罚"), "evidence": f"reception/{visit}"}
        self.did(JUDGE, "POST", f"{base}/penalties", fine, RECEPTION)

    def points(self) -> None:
        spent = {"points": 1, "reason": "gift", "note": self.word("礼品")}
        self.did(
            BOSS, "POST", self.path("/points/by-hand"), {"points": 9, "reason": "goodwill", "note": self.word("关怀")}
        )
        self.did(BOSS, "POST", self.path("/points/spendings"), spent)

    def letters(self) -> None:
        """News of her that cannot be handled, waiting in every service and discarded with a reason."""
        personal = {"name": NAME, "phone": f"+86{PHONE}", "salt": "0"}
        for service in SERVICES:
            news = [say.customer("news", 50, customer_id=self.ids["hers"], personal=personal)]
            news.append(say.reception("news", customer_id=self.ids["hers"], personal=personal | {"note": None}))
            path = f"{'events' if service.name == 'gateway' else service.name}/dead-letters"
            for one in news:
                with self.house.databases[service.name].write() as tx:
                    park(tx, one.to_json(), "cannot be handled", 1)
            discarded = {"reason": self.word("作废")}
            self.did(OPERATOR, "POST", f"{path}/{news[-1].id}/discard", discarded, service)
