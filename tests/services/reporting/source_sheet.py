"""The source's 客户跟进记录统计表, row by row, as the customers and follow-ups services announce it after an import."""

from chassis.events import Envelope
from tests.services import synthetic as say
from tests.services.synthetic import named

WAVERING, SURE = "有意向徘徊犹豫", "确定购买意向"
PLAIN, GOOD, VIP = "一般客户", "优质客户", "超级VIP客户"
YES, NO = "成交", "未成交"

ROWS = [
    ("A001", "客户1", PLAIN, "2020-02-01", "现场跟进", 45, WAVERING, YES, "2020-02-02", "业务员1"),
    ("A002", "客户2", GOOD, "2020-03-02", "微信", 85, WAVERING, YES, "2020-03-02", "业务员2"),
    ("A003", "客户3", PLAIN, "2020-04-03", "电话", 65, SURE, YES, "2020-04-04", "业务员3"),
    ("A004", "客户4", GOOD, "2020-04-04", "现场跟进", 75, SURE, YES, "2020-04-05", "业务员4"),
    ("A005", "客户5", PLAIN, "2020-04-05", None, 95, WAVERING, NO, "2020-04-06", "业务员5"),
    ("A006", "客户6", GOOD, "2020-04-06", None, 35, SURE, YES, "2020-04-07", "业务员6"),
    ("A007", "客户7", PLAIN, "2020-04-07", None, 25, WAVERING, YES, "2020-04-08", "业务员7"),
    ("A008", "客户8", VIP, "2020-04-08", None, 75, WAVERING, YES, "2020-04-09", "业务员8"),
    ("A009", "客户9", VIP, "2020-04-09", None, 88, WAVERING, YES, "2020-04-10", "业务员9"),
    ("A010", "客户10", None, "2020-04-10", None, 36, SURE, YES, "2020-04-11", "业务员10"),
    ("A011", "客户11", None, "2020-04-11", None, 100, None, NO, "2020-04-12", "业务员11"),
    ("A012", "客户12", None, "2020-04-12", None, 45, None, YES, "2020-04-13", "业务员12"),
    ("A013", "客户13", None, "2020-04-13", None, 45, None, None, "2020-04-14", "业务员13"),
    ("A014", "客户14", None, "2020-04-14", None, 45, None, None, "2020-04-15", "业务员14"),
    ("A015", "客户15", None, "2020-04-15", None, 45, None, None, "2020-04-16", "业务员15"),
    (None, None, None, None, None, 45, None, None, None, "业务员16"),
    (None, None, None, None, None, 45, None, None, None, None),
]
FIELDS = (
    "code",
    "name",
    "customer_type",
    "followup_date",
    "method",
    "progress",
    "intent",
    "result",
    "deal_date",
    "salesperson",
)


def announced() -> list[Envelope]:
    """Fifteen customers and seventeen follow-ups."""
    events = []
    for number, (code, name, kind, day, method, progress, intent, result, deal, person) in enumerate(ROWS, start=5):
        if code is not None:
            personal = {"name": name, "phone": None, "salt": "0"}
            events.append(say.customer(name, code=code, customer_type=kind, source="import", personal=personal))
        events.append(
            say.followup(
                f"row {number}",
                customer_id=named(name) if name else None,
                date=day,
                method=method,
                progress=progress,
                intent=intent,
                result=result,
                deal_date=deal,
                salesperson_id=None,
                salesperson_name=person,
                origin="import",
                origin_key=f"{'0' * 64}:{number}",
                row_number=number,
            )
        )
    return events
