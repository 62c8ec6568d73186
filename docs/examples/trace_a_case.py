"""From a confirmed case to lists at the communes, as a tracing team's own program would do it.

    python docs/examples/trace_a_case.py --token "$TRACER" --document 051190000777 \
        --onset 2021-09-16 --isolated 2021-09-17 --follow-days 14

It needs httpx2 and nothing of this repository. It prints what it finds and writes the dossier.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import httpx2

RULES = ("QD-3638", "CV-11042")
"""The sets of exposure rules that are shipped."""
SOURCES_SHOWN = 5


class Api:
    """The doors. Every answer that is no success carries a sentence and the fields at fault."""

    def __init__(self, address: str, token: str) -> None:
        self._http = httpx2.Client(
            base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60
        )

    def call(self, method: str, path: str, **request: Any) -> httpx2.Response:
        """Returns the response; ends the program with the problem (RFC 9457) if there is one."""
        response = self._http.request(method, path, **request)
        if response.is_error:
            problem = response.json()
            faults = [f"{fault['field']}: {fault['reason']}" for fault in problem.get("errors", [])]
            sentence = f"{response.status_code} {problem.get('detail', '')} {'; '.join(faults)}"
            raise SystemExit(sentence.strip())
        return response

    def close(self) -> None:
        self._http.close()


def main() -> None:
    arguments = parse_arguments()
    api = Api(arguments.address, arguments.token)
    try:
        case_id = report(api, arguments)
        lists_issued = hand_over(api, case_id, arguments.follow_days)
        compare_rules(api, case_id)
        rank_sources(api, case_id)
        write_dossier(api, case_id, Path(arguments.dossier))
    finally:
        api.close()
    say(f"{lists_issued} lists wait at their communes")


def report(api: Api, arguments: argparse.Namespace) -> str:
    """Reports the case and returns its id. It is an event: 202 says that it cannot be lost."""
    case = {
        "document_number": arguments.document,
        "onset_at": arguments.onset,
        "isolated_at": arguments.isolated,
    }
    retry_key = {"Idempotency-Key": f"{arguments.document} {arguments.onset}"}
    response = api.call("POST", "/cases", json=case, headers=retry_key).json()
    case_id = str(response["case_id"])
    say(f"case {case_id}")
    return case_id


def hand_over(api: Api, case_id: str, follow_days: int) -> int:
    """Traces to F2, issues one list per commune and returns how many.

    The door waits by itself for the case that was just reported.
    """
    request = {"case_id": case_id, "depth": 2, "follow_days": follow_days}
    handover = api.call("POST", "/handovers", json=request).json()
    generations = enumerate(handover["generations"], start=1)
    counts = ", ".join(f"F{number} {people}" for number, people in generations)
    say(f"{counts} by {handover['rules']['source']}")
    for commune in handover["handovers"]:
        name = commune["unit_name"] or "residence unknown"
        list_of = f"{commune['people']} people, revision {commune['revision']}"
        say(f"  {name}: {list_of}, receipt until {commune['deadline_at']}")
    return int(handover["issued"])


def compare_rules(api: Api, case_id: str) -> None:
    """Prints the same trace under both shipped sets of rules."""
    for rules_id in RULES:
        request = {"case_id": case_id, "depth": 2, "rules_id": rules_id}
        trace = api.call("POST", "/traces/forward", json=request).json()
        say(f"under {rules_id}: {trace['generations']}, since {trace['since']}")


def rank_sources(api: Api, case_id: str) -> None:
    """Prints the likely sources, the rarest meetings first."""
    request = {"case_id": case_id, "days_before": 14}
    trace = api.call("POST", "/traces/backward", json=request).json()
    for source in trace["sources"][:SOURCES_SHOWN]:
        why = "a known case" if source["known_case"] else f"rarity {source['rarity']}"
        place = source["meetings"][0]["place"]
        say(f"may have come from {source['person_id'][:8]}, met at {place}: {why}")


def write_dossier(api: Api, case_id: str, path: Path) -> None:
    """Writes the forward trace as a PDF to print."""
    request = {"case_id": case_id, "depth": 2}
    accept = {"Accept": "application/pdf"}
    response = api.call("POST", "/traces/forward", json=request, headers=accept)
    path.write_bytes(response.content)
    say(f"dossier in {path}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def parse_arguments() -> argparse.Namespace:
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
