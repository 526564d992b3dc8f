"""Meta's door: checks the signature over the raw bytes, journals them, answers 200. Nothing else.

No database, no parsing, no tenant: whatever is slow or can fail comes after the journal, so a 200
means that JetStream holds the body (whatsapp-cloud-api 1.3: anything else is redelivered for days).
"""

import hmac
import time
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import State

from clientela.identity.http import PUBLIC
from clientela.platform import telemetry
from clientela.platform.bus import INBOUND_SUBJECT, Bus, BusUnavailable
from clientela.platform.logs import get_logger
from clientela.platform.metrics import WEBHOOK_BYTES, WEBHOOKS
from clientela.whatsapp.keys import KeyRing

MAX_BODY = 3 * 1024 * 1024  # whatsapp-cloud-api 1.2: at most 3 MB per POST
SIGNER_HEADER = "Clientela-Signer"
ACCEPTED_HEADER = "Clientela-Accepted-Ns"

log = get_logger(__name__)


class Ingest:
    """What the two handlers need; kept in the application's state."""

    def __init__(self, bus: Bus, keys: KeyRing, verify_token: str) -> None:
        self.bus = bus
        self.keys = keys
        self.verify_token = verify_token


def _plain(status: int, text: str = "") -> Response[str]:
    return Response(text, status_code=status, media_type="text/plain")


@get("/webhooks/whatsapp", include_in_schema=False)
async def verify(request: Request[Any, Any, State]) -> Response[str]:
    """Meta's handshake: echoes the challenge to whoever knows the verify token (1.1)."""
    ingest: Ingest = request.app.state.ingest
    query = request.query_params
    token = query.get("hub.verify_token", "")
    known = hmac.compare_digest(token.encode(), ingest.verify_token.encode())
    if query.get("hub.mode") != "subscribe" or not known:
        return _plain(403)
    return _plain(200, query.get("hub.challenge", ""))


@post(
    "/webhooks/whatsapp",
    include_in_schema=False,
    opt={PUBLIC: True},
    status_code=200,
    request_max_body_size=MAX_BODY + 1,
)
async def receive(request: Request[Any, Any, State]) -> Response[str]:
    """Journals a signed body. 401 unsigned, 413 too large, 503 when the journal did not take it."""
    ingest: Ingest = request.app.state.ingest
    body = await request.body()
    if len(body) > MAX_BODY:
        return _answer("too_large", 413)
    signer = ingest.keys.signer(body, request.headers.get("x-hub-signature-256"))
    if signer is None:
        return _answer("unsigned", 401)
    with telemetry.span("webhook", bytes=len(body)):
        headers = {SIGNER_HEADER: signer, ACCEPTED_HEADER: str(time.time_ns())}
        if trace := telemetry.traceparent():
            headers["traceparent"] = trace
        try:
            await ingest.bus.publish(INBOUND_SUBJECT, body, headers)
        except BusUnavailable as error:
            log.warning("webhook.journal_unavailable", error=str(error))
            return _answer("journal_unavailable", 503)
    WEBHOOK_BYTES.inc(len(body))
    return _answer("journaled", 200)


def _answer(outcome: str, status: int) -> Response[str]:
    WEBHOOKS.labels(outcome).inc()
    return _plain(status)


WEBHOOK_ROUTES: list[Any] = [verify, receive]
