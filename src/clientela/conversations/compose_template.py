"""Fills a template in: what is shown of it, and what the channel takes."""

from clientela.conversations import queries
from clientela.conversations.new_message import NewTemplate
from clientela.conversations.outgoing import Composed, Destination, SendOptions, TemplateOptions
from clientela.conversations.schemas import TemplateButtonContent, TemplateContent
from clientela.platform.tx import Tx
from clientela.templates import Chosen, TemplateNotSendable, TemplateParameters, choose, fill


async def compose_template(tx: Tx, to: Destination, message: NewTemplate) -> Composed:
    """The template of `message` with its parameters.

    Raises InvalidRequest, TemplateOutdated, TemplateNotSendable, and TemplateParameters, which names every blank
    that is not filled in rightly.
    """
    chosen = await choose(tx, message.template_id, channel_id=to.channel_id, version=message.version)
    await _check_reaches(tx, to, chosen)
    filled = fill(chosen.parameter_format, chosen.content, message.parameters)
    _check_file(chosen, message)
    content = TemplateContent(
        template_id=message.template_id,
        name=chosen.name,
        language=chosen.language,
        category=chosen.category,
        header=filled.header,
        footer=chosen.content.footer,
        buttons=[
            TemplateButtonContent(kind=button.kind, text=button.text, url=button.url, phone=button.phone)
            for button in filled.buttons
        ],
    )
    needed = chosen.content.needs_file
    return Composed(
        type="template",
        text=filled.text,
        content=content,
        upload_id=message.upload_id,
        upload_kinds=(needed,) if needed else (),
        options=SendOptions(template=TemplateOptions(version=message.version, values=filled.values)),
    )


async def _check_reaches(tx: Tx, to: Destination, chosen: Chosen) -> None:
    """Codes go to a phone number only, never to somebody who hides theirs (whatsapp-cloud-api 2.7: 131062)."""
    if chosen.category == "authentication" and not await queries.has_number(tx, to.contact_id):
        raise TemplateNotSendable("Meta sends codes to a phone number only", reason="phone_hidden")


def _check_file(chosen: Chosen, message: NewTemplate) -> None:
    needed = chosen.content.needs_file
    if needed and message.upload_id is None:
        raise TemplateParameters(errors=[{"field": "upload_id", "message": f"the header needs a file: {needed}"}])
    if not needed and message.upload_id is not None:
        raise TemplateParameters(errors=[{"field": "upload_id", "message": "the template's header has no file"}])
