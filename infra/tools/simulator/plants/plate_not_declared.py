"""Another vehicle than the declared one; the declared one must stay silent."""

from infra.tools.simulator.builder import MINUTE, Builder


def another_vehicle(builder: Builder) -> None:
    for another in (True, False):
        person, departure, plate = builder.next_person(), builder.daytime(), builder.new_plate()
        builder.declare(person, departure - 20 * MINUTE, departure, vehicle_plate=plate)
        driven = builder.new_plate() if another else plate
        at, checkpoint = departure + 5 * MINUTE, builder.passing(person).checkpoint
        scanned = builder.scan(person, at, checkpoint, number=builder.number(person), plate=driven)
        builder.expect("plate_not_declared", scanned, flagged=another)
