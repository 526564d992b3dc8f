"""Fills a template in: what is shown of it, and what the channel takes."""

from clientela.conversations.new_message import NewTemplate
from clientela.conversations.outgoing import Composed, Destination
from clientela.platform.problems import InvalidRequest
from clientela.platform.tx import Tx


async def compose_template(tx: Tx, to: Destination, message: NewTemplate) -> Composed:
    """The template of `message` with its parameters. Raises InvalidRequest: no templates are known yet."""
    raise InvalidRequest(errors=[{"field": "type", "message": "cannot be sent yet"}])
