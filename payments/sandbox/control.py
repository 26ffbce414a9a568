"""The stand-in's own API for tests, the demo and the panel, under /_sandbox; the key says whose things are meant.

A form that carries its key as the field `key` comes from the panel, and is led back there.
"""

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from payments.sandbox import outcomes, webhooks
from payments.sandbox.errors import ApiError
from payments.sandbox.faults import Armed, Fault, WebhookMode, Webhooks
from payments.sandbox.params import Text, Whole, words
from payments.sandbox.parts import Parts
from payments.sandbox.told import done, told, whose

_LONGEST_DELAY_SECONDS = 30 * 24 * 60 * 60


def control(parts: Parts) -> Blueprint:
    """Webhooks and faults of the API; what becomes of payments and refunds is `outcomes`."""
    bp = Blueprint("control", __name__, url_prefix="/_sandbox")
    outcomes.add_to(bp, parts)
    _add_webhooks(bp, parts)

    @bp.post("/faults")
    def arm() -> AnyResponse:
        fault = Fault(told("fault", Text(one_of=frozenset(Fault))))
        armed = Armed(
            fault, told("path", Text(), "/v1/"), told("method", Text(one_of=words("GET POST DELETE")), "POST")
        )
        parts.faults.arm(whose(), armed, told("times", Whole(least=1, most=100), "1"))
        return done(fault=fault.value, path=armed.path, method=armed.method)

    @bp.get("/faults")
    def armed() -> AnyResponse:
        waiting = [
            {"fault": each.fault, "path": each.path, "method": each.method} for each in parts.faults.armed(whose())
        ]
        return done(stalled=parts.faults.stalled(whose()), armed=waiting)

    @bp.post("/faults/release")
    def release() -> AnyResponse:
        return done(released=parts.faults.release(whose()))

    @bp.post("/faults/disarm")
    def disarm() -> AnyResponse:
        """No fault of the API is left, nor any plan for payments and refunds."""
        parts.faults.disarm(whose())
        outcomes.forget_plans(parts, whose())
        return done(armed=[])

    return bp


def _add_webhooks(bp: Blueprint, parts: Parts) -> None:
    @bp.get("/deliveries")
    def deliveries() -> AnyResponse:
        return done(data=webhooks.deliveries_of(parts, whose()))

    @bp.post("/deliveries/<int:number>/send")
    def send_again(number: int) -> AnyResponse:
        """Now, whether it was told before or not."""
        delivery = webhooks.delivery_of(parts, whose(), number)
        if delivery is None:
            raise ApiError(f"No such delivery: {number}", status=404)
        return done(data=[webhooks.deliver(parts, delivery)])

    @bp.post("/webhooks")
    def set_webhooks() -> AnyResponse:
        """All three at once: what is not named is as at the beginning."""
        mode = WebhookMode(told("mode", Text(one_of=frozenset(WebhookMode)), "deliver"))
        delay = told("delay", Whole(least=0, most=_LONGEST_DELAY_SECONDS), "0")
        repeat = told("repeat", Whole(least=1, most=20), "1")
        parts.faults.set_webhooks(whose(), Webhooks(mode, delay, repeat))
        return done(mode=mode.value, delay=delay, repeat=repeat)

    @bp.post("/webhooks/flush")
    def flush() -> AnyResponse:
        """Sends what is waiting now, in this order, each `repeat` times, and tells how each was answered."""
        order = told("order", Text(one_of=words("given reversed")), "given")
        repeat = told("repeat", Whole(least=1, most=20), "1")
        waiting = webhooks.held(parts, whose())
        queue = waiting if order == "given" else waiting[::-1]
        return done(data=[webhooks.deliver(parts, each) for each in queue for _ in range(repeat)])
