"""The first conversation with Meta about a number that was just connected: by a job, retried until she answers."""

from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.jobs import Work
from clientela.platform.logs import get_logger
from clientela.platform.problems import Problem
from clientela.whatsapp import queries
from clientela.whatsapp.check_rules import needs_registration
from clientela.whatsapp.client import GraphClient, NotSent, Refused
from clientela.whatsapp.number_node import what_the_node_says
from clientela.whatsapp.number_state import ask_to_reconnect, change_number, problem_of
from clientela.whatsapp.number_view import NumberProblem
from clientela.whatsapp.numbers import IntroduceNumber
from clientela.whatsapp.onboarding_problems import MetaUnreachable
from clientela.whatsapp.queries import StoredNumber
from clientela.whatsapp.registering import register_number, token_of
from clientela.whatsapp.signup import request_phone_data_of
from clientela.whatsapp.verdicts import is_passing
from clientela.whatsapp.watch import arm

log = get_logger(__name__)


async def introduce_number(
    db: Database, vault: Vault, graph: GraphClient, work: Work, job: IntroduceNumber
) -> None:
    """Subscribes our app to the number's WABA, learns what Meta says of it, registers it if it is not in service.

    A number that came with its phone is asked for contacts and history once the app is subscribed: what they send
    would be lost before. Every number is looked at again right after, and then daily.
    """
    async with db.begin(work.tenant_id) as tx:
        stored = await queries.get_number(tx, job.channel_id)
    if stored is None or stored.status == "disconnected":
        return
    token = token_of(vault, stored)
    try:
        await graph.subscribe_app(stored.waba_id, token)
        node = await graph.phone_number(stored.phone_number_id, token)
    except Refused as refused:
        if is_passing(refused.code):
            raise
        # Nothing would arrive by this number, and it must not look as if it did.
        async with db.begin(work.tenant_id) as tx:
            problem = problem_of(refused.code, refused.detail, tx.now())
            await ask_to_reconnect(tx, job.channel_id, problem, with_token=stored.access_token)
        return
    async with db.begin(work.tenant_id) as tx:
        said = what_the_node_says(node)
        said["checked_at"] = tx.now()
        view = await change_number(tx, job.channel_id, **said)
        request_phone_data_of(tx, view)
        await arm(tx, job.channel_id, tx.now())
    if needs_registration(node):
        await _register(db, vault, graph, work, stored)


async def _register(db: Database, vault: Vault, graph: GraphClient, work: Work, stored: StoredNumber) -> None:
    """With the PIN that was given or is kept, else with a new one. What stands in the way is told on the number."""
    try:
        await register_number(db, vault, graph, work.tenant_id, stored.id)
    except MetaUnreachable as error:
        raise NotSent("registering") from error
    except Problem as problem:
        log.warning("introduce.not_registered", channel_id=str(stored.id), code=problem.code)
        async with db.begin(work.tenant_id) as tx:
            told = NumberProblem(code=None, reason=problem.code, title=problem.title, at=tx.now())
            await change_number(tx, stored.id, last_problem=told)
