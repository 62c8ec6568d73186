"""The door that tells how far this process has read the reference data."""

from typing import Annotated

from fastapi import APIRouter

from api.accounts.access import EVERY_ROLE, requires
from api.accounts.accounts import Account
from api.doors.services import ServicesDep
from api.http.fields import Output

router = APIRouter(prefix="/reference", tags=["reference"])


class ReferenceVersion(Output):
    version: int


@router.get("/version")
async def version(
    account: Annotated[Account, requires(*EVERY_ROLE)], services: ServicesDep
) -> ReferenceVersion:
    """The version of the reference data that this door has read."""
    return ReferenceVersion(version=services.reference.current.version)
