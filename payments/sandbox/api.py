"""From an HTTP request to Stripe's answer: the key, the parameters, the idempotency key, one transaction."""

import json
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Request, Response, request

from payments.sandbox.books import count_reads
from payments.sandbox.call import Call, Origin, new_id
from payments.sandbox.errors import ApiError, broken, locked, too_fast
from payments.sandbox.events import API_VERSION
from payments.sandbox.expanding import expanded
from payments.sandbox.faults import Fault, Faults
from payments.sandbox.form import flat, pairs, tree
from payments.sandbox.idempotency import Answer, Attempt, fingerprint, replay, store
from payments.sandbox.params import Group
from payments.sandbox.parts import Parts
from payments.sandbox.passing import catch_up
from payments.sandbox.store import Body, Tx

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    rule: str
    takes: Group
    handle: Callable[..., Body]


def account_of(incoming: Request) -> str:
    """The secret key, sent as a bearer token or as the user name. Raises 401."""
    given = incoming.authorization
    key = (given.token or given.username or "") if given else ""
    return check_key(key)


def check_key(key: str) -> str:
    """Raises 401 unless it is a test key."""
    if not key:
        wrong = "You did not provide an API key. You need to provide your API key in the Authorization header."
        raise ApiError(wrong, status=401)
    if not key.startswith(("sk_test_", "rk_test_")):
        shown = f"{key[:8]}***{key[-4:]}" if len(key) > 16 else "***"
        raise ApiError(f"Invalid API Key provided: {shown}. The stand-in takes test keys only.", status=401)
    return key


def add_routes(app: Flask, parts: Parts, routes: list[Route]) -> None:
    for route in routes:
        app.add_url_rule(route.rule, f"{route.method} {route.rule}", _view(parts, route), methods=[route.method])


def _view(parts: Parts, route: Route) -> Callable[..., Response]:
    def view(**ids: str) -> Response:
        request_id = new_id("req", 14)
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        try:
            catch_up(parts)
            origin = Origin(account_of(request), int(parts.clock.now()), request_id, key)
            answer = _answered(_Request(parts, route, origin, ids, _fields(request)))
            _lose(parts.faults, origin.account)
        except ApiError as error:
            answer = _refusal(error)
        return respond(answer, request_id, key)

    return view


def respond(answer: Answer, request_id: str, key: str | None = None) -> Response:
    response = Response(answer.body, answer.status, content_type="application/json")
    response.headers["Request-Id"] = request_id
    response.headers["Stripe-Version"] = API_VERSION
    if key is not None:
        response.headers["Idempotency-Key"] = key
    if answer.original is not None:
        response.headers["Idempotent-Replayed"] = "true"
        response.headers["Original-Request"] = answer.original
    return response


def _fields(incoming: Request) -> list[tuple[str, str]]:
    body = incoming.get_data(as_text=True) if incoming.method == "POST" else ""
    read = flat if incoming.path.startswith("/v2/") else pairs
    return pairs(incoming.query_string.decode()) + read(body)


def _refusal(error: ApiError) -> Answer:
    return Answer(error.status, json.dumps(error.body()))


@dataclass(frozen=True, slots=True)
class _Request:
    parts: Parts
    route: Route
    origin: Origin
    ids: dict[str, str]
    fields: list[tuple[str, str]]

    def strikes(self, fault: Fault) -> bool:
        return self.parts.faults.strikes(self.origin.account, fault, request.method, request.path)


def _answered(asked: _Request) -> Answer:
    account, key = asked.origin.account, asked.origin.idempotency_key
    if asked.strikes(Fault.RATE):
        raise too_fast()
    if asked.route.method == "GET":
        return _read(asked)
    if not key:
        asked.parts.faults.stall(account, Fault.STALL, request.method, request.path)
        with asked.parts.store.writing() as tx:
            return _handled(asked, tx)
    with asked.parts.in_flight.reserve(account, key):
        asked.parts.faults.stall(account, Fault.STALL, request.method, request.path)
        return _once(asked, Attempt(account, key, request.path, fingerprint(asked.fields)))


def _read(asked: _Request) -> Answer:
    asked.parts.faults.stall(asked.origin.account, Fault.STALL, request.method, request.path)
    with asked.parts.store.reading() as tx:
        answer = _handled(asked, tx)
    count_reads(asked.parts.store, asked.origin.account, answer.body, asked.origin.now)
    return answer


def _lose(faults: Faults, account: str) -> None:
    """The work is committed and its answer stored: now it comes late, or not at all."""
    faults.stall(account, Fault.STALL_AFTER, request.method, request.path)
    if faults.strikes(account, Fault.CUT_AFTER, request.method, request.path):
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)


def _once(asked: _Request, attempt: Attempt) -> Answer:
    """The work and its stored answer are committed together, so that no crash comes between them."""
    try:
        with asked.parts.store.writing() as tx:
            return replay(tx, attempt, asked.origin.now) or _kept(asked, attempt, tx, _handled(asked, tx))
    except ApiError:
        raise
    except Exception:
        _log.exception("%s %s failed", asked.route.method, request.path)
        with asked.parts.store.writing() as tx:
            return _kept(asked, attempt, tx, _refusal(broken()))


def _kept(asked: _Request, attempt: Attempt, tx: Tx, answer: Answer) -> Answer:
    store(tx, attempt, answer, asked.origin.request_id or "", asked.origin.now)
    return answer


def _handled(asked: _Request, tx: Tx) -> Answer:
    """Refusals that Stripe stores come back as answers; the others are raised and undo the transaction."""
    params = asked.route.takes.read(dict(tree(asked.fields)), "")
    call = Call(tx, asked.origin, params, request.host_url.rstrip("/"), request.headers.get("Stripe-Account"))
    if asked.strikes(Fault.LOCK):
        raise locked()
    if asked.strikes(Fault.FAIL_BEFORE):
        return _refusal(broken())
    try:
        body = expanded(call, asked.route.handle(call, **asked.ids))
    except ApiError as error:
        if not error.stored:
            raise
        return _refusal(error)
    return _refusal(broken()) if asked.strikes(Fault.FAIL_AFTER) else Answer(200, json.dumps(body))
