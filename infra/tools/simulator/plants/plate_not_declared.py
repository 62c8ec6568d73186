"""Another vehicle than the declared one; the declared one must stay silent."""

from infra.tools.simulator.builder import MINUTE, Builder


def another_vehicle(builder: Builder) -> None:
    for another in (True, False):
        person, departure, plate = builder.somebody(), builder.daytime(), builder.plate()
        builder.declare(person, departure - 20 * MINUTE, departure, vehicle_plate=plate)
        met = builder.plate() if another else plate
        scanned = builder.scan(
            person,
            departure + 5 * MINUTE,
            builder.passing(person).post,
            number=builder.number(person),
            plate=met,
        )
        builder.plant("plate_not_declared", scanned) if another else builder.near_miss(scanned)
