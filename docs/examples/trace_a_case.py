"""From a confirmed case to lists waiting at the communes, as a tracing team's own program would do it over the API.

    python docs/examples/trace_a_case.py --token "$TRACER" --document 051190000777 --onset 2021-09-16 --isolated 2021-09-17 --follow-days 14

Needs httpx2 and nothing of this repository. Prints what it finds; writes the dossier beside it.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import httpx2


class Api:
    """Every answer that is not a success carries a sentence and the fields at fault (RFC 9457)."""

    def __init__(self, address: str, token: str) -> None:
        self._http = httpx2.Client(
            base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60
        )

    def call(self, method: str, path: str, **request: Any) -> httpx2.Response:
        response = self._http.request(method, path, **request)
        if response.is_error:
            problem = response.json()
            faults = "; ".join(
                f"{one['field']}: {one['reason']}" for one in problem.get("errors", [])
            )
            raise SystemExit(f"{response.status_code} {problem.get('detail', '')} {faults}".strip())
        return response

    def close(self) -> None:
        self._http.close()


def main() -> None:
    asked = arguments()
    api = Api(asked.address, asked.token)
    try:
        case_id = report(api, asked)
        handed = hand_over(api, case_id, asked)
        compare_rules(api, case_id)
        where_from(api, case_id)
        dossier(api, case_id, Path(asked.dossier))
    finally:
        api.close()
    sys.stdout.write(f"{handed['issued']} lists wait at their communes\n")


def report(api: Api, asked: argparse.Namespace) -> str:
    """The case is an event: 202 says that it cannot be lost any more."""
    case = {
        "document_number": asked.document,
        "onset_at": asked.onset,
        "isolated_at": asked.isolated,
    }
    case_id: str = api.call(
        "POST", "/cases", json=case, headers={"Idempotency-Key": f"{asked.document} {asked.onset}"}
    ).json()["case_id"]
    sys.stdout.write(f"case {case_id}\n")
    return case_id


def hand_over(api: Api, case_id: str, asked: argparse.Namespace) -> Any:
    """Traces to F2 and issues one list per commune; waits by itself for the case just reported."""
    handed = api.call(
        "POST",
        "/handovers",
        json={"case_id": case_id, "depth": 2, "follow_days": asked.follow_days},
    ).json()
    counts = ", ".join(
        f"F{number} {people}" for number, people in enumerate(handed["generations"], start=1)
    )
    sys.stdout.write(f"{counts} by {handed['rules']['source']}\n")
    for one in handed["handovers"]:
        place = one["unit_name"] or "residence unknown"
        sys.stdout.write(
            f"  {place}: {one['people']} people, revision {one['revision']}, receipt until {one['deadline_at']}\n"
        )
    return handed


def compare_rules(api: Api, case_id: str) -> None:
    """The same trace under both shipped sets of rules."""
    for rules_id in ("QD-3638", "CV-11042"):
        trace = api.call(
            "POST", "/traces/forward", json={"case_id": case_id, "depth": 2, "rules_id": rules_id}
        ).json()
        sys.stdout.write(f"under {rules_id}: {trace['generations']}, since {trace['since']}\n")


def where_from(api: Api, case_id: str) -> None:
    """Likely sources: the rarest meetings first."""
    trace = api.call(
        "POST", "/traces/backward", json={"case_id": case_id, "days_before": 14}
    ).json()
    for source in trace["sources"][:5]:
        known = "a known case" if source["known_case"] else f"rarity {source['rarity']}"
        sys.stdout.write(
            f"may have come from {source['person_id'][:8]}, met at {source['meetings'][0]['place']}: {known}\n"
        )


def dossier(api: Api, case_id: str, path: Path) -> None:
    answer = api.call(
        "POST",
        "/traces/forward",
        json={"case_id": case_id, "depth": 2},
        headers={"Accept": "application/pdf"},
    )
    path.write_bytes(answer.content)
    sys.stdout.write(f"dossier in {path}\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Report a case, trace it, hand its contacts over.")
    parser.add_argument("--address", default="http://127.0.0.1:18000")
    parser.add_argument("--token", required=True, help="of the role tracer")
    parser.add_argument("--document", required=True, help="number of the case's identity document")
    parser.add_argument("--onset", required=True)
    parser.add_argument("--isolated", required=True)
    parser.add_argument("--follow-days", type=int, required=True)
    parser.add_argument("--dossier", default="dossier.pdf")
    return parser.parse_args()


if __name__ == "__main__":
    main()
