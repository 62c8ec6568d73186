"""Makes the structs of `schemas.contract.events` from the Avro schemas and the topic pages.

`python -m schemas.contract.generator` writes them. A test holds what is checked in to it.
"""
