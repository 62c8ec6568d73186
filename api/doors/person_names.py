"""People as clients name them: by an identity document, or as a person of an outside source."""

from api.doors.services import Services
from schemas.contract.ids import DocumentKey
from schemas.contract.terms import DocumentKindSymbol
from schemas.domain.documents import parse_document

OUTSIDER = "external:"


def named_person(
    person: str, services: Services
) -> tuple[DocumentKey, DocumentKindSymbol | None, str | None]:
    """Returns the key, kind and number of the document; for an outsider the key alone.

    Raises `UnreadableDocument`.
    """
    if person.startswith(OUTSIDER):
        return services.pseudonyms.outsider(person.removeprefix(OUTSIDER)), None, None
    document = parse_document(None, person)
    return services.pseudonyms.document(document), document.kind.value, document.number
