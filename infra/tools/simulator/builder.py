"""Builds a world: forms, scans, health tests, doses and orders at the doors, and the truth."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from infra.tools.simulator.cast import Cast
from infra.tools.simulator.citizens import Citizen
from infra.tools.simulator.day import (
    Happening,
    Kind,
    case_id,
    declaration_id,
    dose_id,
    health_test_id,
    instant,
    iso,
    order_id,
    scan_id,
)
from infra.tools.simulator.signers import Signers
from infra.tools.simulator.ways import minutes_between
from infra.tools.simulator.world import Stay, World
from schemas.domain.local_time import VIETNAM
from schemas.domain.pseudonyms import Pseudonyms
from schemas.domain.roads import gates_guarded

PRODUCTS = ("AstraZeneca", "Moderna", "Pfizer", "Vero Cell")
MINUTE = timedelta(minutes=1)
SEXES = {"male": "Nam", "female": "Nữ"}
TRANSPORT_MODES = {"motorbike": 70, "car": 15, "bus": 9, "truck": 6}
"""Modes, each with its share in per cent."""


class Builder(Cast):
    """Writes what the people of a cast do into a world."""

    def __init__(self, seed: int, citizens: int, days: int, pseudonyms: Pseudonyms) -> None:
        super().__init__(random.Random(seed), citizens)
        self.pseudonyms = pseudonyms
        self.signers = Signers.of(seed)
        self.world = World(self.citizens, self.checkpoints, trust=self.signers.trust(days))

    def expect(self, rule: str, subject: str, *, flagged: bool = True) -> None:
        """Says that the rule must raise a flag on the subject, or, beside it, must be silent."""
        if flagged:
            self.world.truth.planted.add((rule, subject))
        else:
            self.near_miss()

    def near_miss(self) -> None:
        """Counts what must stay silent although it is close to a fault."""
        self.world.truth.near_misses += 1

    def declare(
        self,
        person: Citizen,
        declared: datetime,
        departure: datetime,
        *,
        name: str | None = None,
        born: str | None = None,
        origin: str | None = None,
        to: str | None = None,
        arrives: datetime | None = None,
        document: str | None = None,
        reaches: datetime | None = None,
        code_wanted: bool = False,
        **more: Any,
    ) -> str:
        """Returns the tag of the declaration; `more` holds further fields, or others' values."""
        tag, origin = self.new_tag(), origin or person.home_code
        to = to or self.ways.destination(self.rng, origin)
        self.passed[person.number] = self.ways.passings(origin, to)
        driven = int(minutes_between(origin, to)) + self.rng.randrange(30, 90)
        arrival = arrives or departure + timedelta(minutes=driven)
        body = {
            "declaration_id": declaration_id(tag),
            "document_number": document or self.number(person),
            "full_name": name or person.full_name,
            "birth_date": born or person.birth_date.isoformat(),
            "sex": person.sex,
            "phone": person.phone,
            "origin_code": origin,
            "destination_code": to,
            "departure_at": iso(departure),
            "arrival_at": iso(arrival),
            "transport_mode": self._transport_mode(),
            "declared_at": iso(declared),
            **more,
        }
        body["vehicle_plate"] = more.get("vehicle_plate") or self.new_plate()
        self.happen(reaches or declared, "declaration", body, code_wanted=code_wanted)
        vehicle = f"vehicle {body['vehicle_plate']}"
        self.world.stays.append(Stay(person.number, vehicle, departure, max(departure, arrival)))
        return tag

    def cancel(self, tag: str, at: datetime) -> None:
        """Cancels a declaration whose code was wanted: the door knows it at once."""
        body = {"declaration_id": declaration_id(tag), "cancelled_at": iso(at)}
        self.happen(at, "cancellation", body)

    def permit(self, plate: str, trailer: str, begins: datetime, ends: datetime) -> str:
        """Returns the id of a permit that is known before the first day.

        A decree extends those that end at its midnight.
        """
        permit_id = f"LX-{self.new_tag()}"
        body = {
            "permit_id": permit_id,
            "plate": plate,
            "trailer_plate": trailer,
            "valid_from": iso(begins),
            "valid_to": iso(ends),
        }
        self.world.permits.append(body)
        return permit_id

    def order(self, person: Citizen, begins: datetime, ends: datetime) -> None:
        body = {
            "order_id": order_id(self.new_tag()),
            "document_number": self.number(person),
            "kind": "home_isolation",
            "unit_code": person.home_code,
            "begins_at": iso(begins),
            "ends_at": iso(ends),
            "issued_at": iso(begins),
        }
        self.happen(begins, "order", body)

    def case(self, person: Citizen, sampled: datetime, reported: datetime) -> None:
        body = {
            "case_id": case_id(self.new_tag()),
            "document_number": self.number(person),
            "sampled_at": iso(sampled),
            "reported_at": iso(reported),
        }
        self.happen(reported, "case", body)

    def scan(
        self,
        person: Citizen,
        at: datetime,
        checkpoint: str,
        *,
        number: str | None = None,
        token_of: str | None = None,
        plate: str | None = None,
        **more: Any,
    ) -> str:
        """Returns the scan's id. With `token_of` the traveller shows the code of that declaration.

        The card's number stands in where no code was asked for.
        """
        scanned = scan_id(self.new_tag())
        body = {
            "scan_id": scanned,
            "shown": number or self.shown(person),
            "checkpoint_id": checkpoint,
            "direction": self._direction(checkpoint),
            "scanned_at": iso(at),
            **more,
        }
        if plate:
            body["vehicle_plate"] = plate
            self.world.stays.append(Stay(person.number, f"vehicle {plate}", at, at))
        if token_of:
            body["token_of"] = declaration_id(token_of)
        self.happen(at + timedelta(seconds=1), "scan", body)
        self.world.person_of_scan[scanned] = person.number
        self.world.stays.append(Stay(person.number, f"checkpoint {checkpoint}", at, at))
        return scanned

    def health_test(self, person: Citizen, result: str, resulted: datetime) -> str:
        """Returns the id of a test; results of earlier days are there when the day begins."""
        tested = health_test_id(self.new_tag())
        body = {
            "event_id": tested,
            "document_number": self.number(person),
            "full_name": person.full_name,
            "birth_date": person.birth_date.isoformat(),
            "sex": person.sex,
            "kind": self.rng.choice(("rapid_antigen", "rt_pcr")),
            "result": result,
            "sampled_at": iso(resulted - timedelta(minutes=self.rng.randrange(20, 600))),
            "resulted_at": iso(resulted),
            "laboratory": "CDC Quảng Ngãi",
        }
        self.happen(max(resulted, instant(0, 0)), "test", body)
        return tested

    def remove(self, person: Citizen, on: date, reason: str) -> None:
        """Removes a person from the register, before the day begins."""
        body = {
            "person_number": person.number,
            "removed_at": iso(datetime.combine(on, datetime.min.time(), VIETNAM)),
            "reason": reason,
        }
        self.happen(instant(0, 0), "removal", body)

    def dose(
        self,
        person: Citizen,
        number: int,
        on: date,
        *,
        name: str | None = None,
        product: str | None = None,
        facility: str = "Trung tâm y tế",
        document: str | None = None,
    ) -> str:
        """Returns the id of a dose; a person's doses are of one vaccine unless one is named."""
        event_id = dose_id(self.new_tag())
        born = person.birth_date
        body = {
            "event_id": event_id,
            "document_number": document or self.number(person),
            "full_name": name or person.full_name,
            "birth_date": born.strftime("%d/%m/%Y") if number == 1 else str(born.year),
            "sex": SEXES[person.sex],
            "dose_number": str(number),
            "product": product or PRODUCTS[int(person.number[-1]) % len(PRODUCTS)],
            "administered_on": on.strftime("%d/%m/%Y"),
            "facility": facility,
        }
        self.world.doses.append(body)
        return event_id

    def happen(
        self, at: datetime, kind: Kind, body: dict[str, Any], *, code_wanted: bool = False
    ) -> None:
        self.world.happenings.append(Happening(at, kind, body, code_wanted))

    def _direction(self, checkpoint: str) -> str:
        return "through" if gates_guarded(checkpoint) else self.rng.choice(("in", "out", "through"))

    def _transport_mode(self) -> str:
        return self.rng.choices(list(TRANSPORT_MODES), list(TRANSPORT_MODES.values()))[0]
