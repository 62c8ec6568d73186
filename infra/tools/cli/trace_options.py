"""Arguments and options of `dibiendong trace`, each with its help."""

from typing import Annotated

import typer

Person = Annotated[
    str,
    typer.Argument(
        metavar="[PERSON]",
        help="Pseudonym of the person, 32 hexadecimal digits. Or use --document.",
    ),
]
Document = Annotated[str, typer.Option(help="Number of an identity document of the person.")]
Case = Annotated[str, typer.Option(help="Id of a registered case, which brings its own times.")]
Onset = Annotated[str | None, typer.Option(help="When the first symptoms began, ISO 8601.")]
Sampled = Annotated[
    str | None, typer.Option(help="When a case without symptoms gave the positive sample.")
]
Rules = Annotated[
    str | None,
    typer.Option(
        help="Set of exposure rules, such as QD-3638 or CV-11042. "
        "If left out: the one in force at the beginning."
    ),
]
DaysBeforeSampling = Annotated[
    int | None,
    typer.Option(help="With --sampled: days before it that count, where the rules leave it open."),
]
KnownAt = Annotated[
    str | None, typer.Option(help="Give the answer that was known at this time, ISO 8601.")
]
Since = Annotated[str, typer.Option("--from", help="Begin of the period, ISO 8601.")]
Until = Annotated[str, typer.Option("--to", help="End of the period, ISO 8601.")]
Isolated = Annotated[
    str | None,
    typer.Option(help="Until when the case may have infected others. If left out: now."),
]
ContactsIsolated = Annotated[
    str | None,
    typer.Option(help="Until when contacts may have infected others. If left out: as the case."),
]
Depth = Annotated[int, typer.Option(min=1, max=4, help="Generations to follow.")]
Milestones = Annotated[
    list[str] | None,
    typer.Option(
        "--milestone", help="What if the case was there: 'PLACE FROM TO'. May be repeated."
    ),
]
Without = Annotated[
    list[str] | None,
    typer.Option(help="What if this person had not been infected. May be repeated."),
]
Back = Annotated[
    int, typer.Option(min=1, max=30, help="Longest incubation, in days before the onset.")
]
BackLeast = Annotated[int | None, typer.Option(min=1, max=29, help="Shortest incubation, in days.")]
InfectiousDays = Annotated[
    int | None,
    typer.Option(help="For how many days known cases count whose isolation nobody reported."),
]
Place = Annotated[
    str,
    typer.Argument(
        metavar="[PLACE]",
        help="The place as tables have it, such as post:binh-de. Or use --plate.",
    ),
]
Plate = Annotated[str, typer.Option(help="Number plate of a vehicle.")]
Other = Annotated[str, typer.Option(help="Pseudonym of the other person.")]
SinceOrOpen = Annotated[
    str | None,
    typer.Option(
        "--from",
        help="Begin of the period, ISO 8601. "
        "If left out: 14 days before --to, or before the last stay.",
    ),
]
UntilOrOpen = Annotated[
    str | None,
    typer.Option(
        "--to", help="End of the period. If left out: 14 days after --from, or the last stay."
    ),
]
