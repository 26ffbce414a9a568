"""How the stand-in's own routes change one of the caller's objects."""

from collections.abc import Callable

from payments.sandbox.call import Origin
from payments.sandbox.errors import missing
from payments.sandbox.parts import Parts
from payments.sandbox.store import Body, Tx
from payments.sandbox.told import whose

Change = Callable[[Tx, Origin, Body], Body]


def changed(parts: Parts, kind: str, object_id: str, change: Change) -> Body:
    """The caller's own object, changed in one transaction. Raises ApiError."""
    with parts.store.writing() as tx:
        body = tx.find(whose(), kind, object_id)
        if body is None:
            raise missing(kind, object_id, "id")
        return change(tx, Origin(whose(), int(parts.clock.now())), body)
