"""The world's register, declarations and doses as files, the way offices export them.

Their tables have a BOM, semicolons, Vietnamese headings and dates as dd/MM/yyyy.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson

from infra.tools.simulator.citizens import Citizen
from infra.tools.simulator.world import World

REGISTER_HEADINGS = (
    "Số định danh",
    "CMND cũ",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Số điện thoại",
    "Mã xã thường trú",
    "Số hộ khẩu",
)
DOSE_HEADINGS = {
    "event_id": "event_id",
    "document_number": "Số giấy tờ",
    "full_name": "Họ và tên",
    "birth_date": "Ngày sinh",
    "sex": "Giới tính",
    "dose_number": "Mũi tiêm",
    "product": "Loại vắc xin",
    "administered_on": "Ngày tiêm",
    "facility": "Cơ sở tiêm",
}
SEXES = {"male": "Nam", "female": "Nữ", "unknown": ""}


def write_files(world: World, directory: Path) -> dict[str, Path]:
    """Writes citizens.csv, vaccinations.csv and declarations.ndjson for `dibiendong load`."""
    directory.mkdir(parents=True, exist_ok=True)
    files = {
        "citizens": directory / "citizens.csv",
        "vaccinations": directory / "vaccinations.csv",
        "declarations": directory / "declarations.ndjson",
    }
    _write_csv(files["citizens"], REGISTER_HEADINGS, map(_register_row, world.citizens))
    _write_csv(files["vaccinations"], list(DOSE_HEADINGS.values()), map(_dose_row, world.doses))
    with files["declarations"].open("wb") as lines:
        for happening in world.happenings:
            if happening.kind == "declaration":
                lines.write(orjson.dumps(happening.body) + b"\n")
    return files


def _write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(headings)
        table.writerows(rows)


def _dose_row(dose: dict[str, Any]) -> Sequence[str]:
    return [dose[name] for name in DOSE_HEADINGS]


def _register_row(citizen: Citizen) -> Sequence[str]:
    return (
        citizen.number,
        citizen.cmnd or "",
        citizen.full_name,
        citizen.birth_date.strftime("%d/%m/%Y"),
        SEXES[citizen.sex],
        citizen.phone,
        citizen.home_code,
        citizen.household_number,
    )
