"""Facts that exercise every rule, and the flags that they end in, whatever their order."""

from datetime import date, timedelta

from schemas.contract.events import DoorEvent
from schemas.domain.documents import Document, DocumentKind
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    CITY,
    COAST,
    HOA_CCCD,
    HOA_CMND,
    NOON,
    NORTH,
    PSEUDONYMS,
    SOUTH,
    cancellation,
    case,
    certificate,
    checkpoint,
    citizen,
    declaration,
    declaration_id,
    dose,
    health_test,
    order,
    policy,
    removal,
    reuse,
    scan,
    zone,
)

FORM = Document(DocumentKind.PAPER_FORM, "PF2100001230")
STRANGER = Document(DocumentKind.PASSPORT, "B1234567")
GONE = Document(DocumentKind.CCCD, "051085000778")
NEWCOMER = Document(DocumentKind.CCCD, "051085000777")
FORM_KEY = PSEUDONYMS.document(FORM)

FACTS: tuple[DoorEvent, ...] = (
    declaration("by cccd", at=NOON),
    declaration(
        "by cmnd, other name", HOA_CMND, NOON + timedelta(hours=2), full_name="Trần Văn Bình"
    ),
    declaration(
        "by cmnd, on paper",
        HOA_CMND,
        NOON - timedelta(days=4),
        paper_serial=FORM.number,
        paper_key=FORM_KEY,
    ),
    declaration(
        "by cccd, long arrived", at=NOON + timedelta(hours=3), arrival_at=NOON + timedelta(hours=5)
    ),
    declaration(
        "by cmnd, ill", HOA_CMND, NOON - timedelta(hours=5), symptoms=["fever"], exposed=True
    ),
    declaration("by stranger", STRANGER, NOON, origin_code=COAST, destination_code=CITY),
    declaration("by cccd, from elsewhere", at=NOON + timedelta(hours=3), permanent_code=CITY),
    declaration("by a number of a man born in 1985", NEWCOMER, NOON),
    cancellation("by cccd, cancelled", at=NOON + timedelta(hours=8)),
    declaration("by cccd, cancelled", at=NOON + timedelta(hours=7), vehicle_key="a" * 32),
    scan("by cccd", at=NOON + timedelta(hours=1)),
    scan(
        "by code",
        at=NOON + timedelta(hours=9),
        declaration_id=declaration_id("by cccd, cancelled"),
        vehicle_key="b" * 32,
    ),
    scan("in the green lane", at=NOON + timedelta(hours=2), green_lane=True, vehicle_key="c" * 32),
    scan("by another vehicle", at=NOON + timedelta(hours=7, minutes=30), vehicle_key="b" * 32),
    scan("by cmnd", HOA_CMND, NOON + timedelta(days=5)),
    scan("by form", FORM, NOON - timedelta(days=3), shown_kind="paper_serial"),
    scan(
        "by card",
        at=NOON + timedelta(hours=3),
        shown_kind="card_qr",
        full_name="Nguyễn Thị Hoà",
        linked_kind="cmnd",
        linked_number=HOA_CMND.number,
        linked_key=PSEUDONYMS.document(HOA_CMND),
    ),
    scan("at the border", at=NOON + timedelta(hours=8), checkpoint_id=NORTH.checkpoint_id),
    scan(
        "south of the city, too soon",
        at=NOON + timedelta(hours=8, minutes=5),
        checkpoint_id=SOUTH.checkpoint_id,
    ),
    scan(
        "south of the city, in time",
        at=NOON + timedelta(hours=9),
        checkpoint_id=SOUTH.checkpoint_id,
    ),
    scan(
        "by another's code",
        at=NOON + timedelta(hours=3),
        code_key="e" * 32,
        declaration_id=declaration_id("by stranger"),
    ),
    scan(
        "by ones other code",
        HOA_CMND,
        code_key=PSEUDONYMS.document(HOA_CCCD),
        declaration_id=declaration_id("by cccd"),
    ),
    scan("by a forged code", at=NOON + timedelta(hours=2), code_fault="key_unknown"),
    scan(
        "with another's certificate",
        at=NOON + timedelta(hours=2),
        **certificate("valid", name="TRAN THI MAI"),
    ),
    scan(
        "with an expired certificate", HOA_CMND, NOON + timedelta(hours=4), **certificate("expired")
    ),
    scan("by stranger", STRANGER, NOON + timedelta(hours=1)),
    reuse(scan("by cmnd", HOA_CMND, NOON + timedelta(days=5)).event_id, HOA_CMND),
    case("ill", at=NOON + timedelta(days=4)),
    case(
        "ill, as it turned out earlier",
        at=NOON + timedelta(days=6),
        onset_at=NOON + timedelta(hours=2),
    ),
    order("home", HOA_CMND, NOON + timedelta(hours=8), ends_at=NOON + timedelta(days=4)),
    order(
        "home longer",
        at=NOON + timedelta(days=3),
        begins_at=NOON + timedelta(hours=8),
        ends_at=NOON + timedelta(days=14),
    ),
    health_test("by cccd, too old", "negative", NOON - timedelta(days=4)),
    health_test("by cmnd, positive", "positive", NOON + timedelta(days=2), HOA_CMND),
    dose(
        "after death",
        1,
        date(2021, 9, 16),
        GONE,
        full_name="Lê Văn Tám",
        birth_date="1985",
        sex="male",
    ),
    dose("second dose", 2, date(2021, 8, 1)),
    dose("first dose, later", 1, date(2021, 9, 1)),
    dose("dose by cmnd, other birth date", 1, date(2021, 8, 2), HOA_CMND, birth_date="1971"),
)
REGISTER = (
    citizen(permanent_code=COAST),
    citizen("051171000456", cmnd=None, full_name="Trần Thị Bình"),
    citizen(GONE.number, cmnd=None, full_name="Lê Văn Tám", birth_date="1985", sex="male"),
    removal(GONE.number, NOON - timedelta(hours=12), "deceased"),
)


def path_with_zones(batch: int) -> MemoryPath:
    path = MemoryPath(batch=batch)
    path.decide(
        checkpoint(),
        NORTH,
        SOUTH,
        zone(COAST, "red", NOON - timedelta(hours=1), NOON + timedelta(hours=6)),
    )
    path.decide(policy({}, test_required_levels=["red"], valid_from=NOON - timedelta(days=300)))
    return path


def settled(facts: list[DoorEvent], register_after: int, batch: int) -> MemoryPath:
    """Feeds the facts; the register becomes known after so many of them."""
    path = path_with_zones(batch)
    path.feed(facts[:register_after])
    path.record(REGISTER)
    path.feed_links()
    path.feed(facts[register_after:])
    path.feed_links()
    return path


EXPECTED = settled(list(FACTS), 0, 1)
