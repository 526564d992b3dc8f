"""What we make of each kind is what Meta takes, at its greatest; and what we refuse, she would refuse too."""

from typing import Any

import msgspec
import pytest

from clientela.conversations import NewMessage, Outgoing, OutgoingFile
from clientela.conversations.compose import _COMPOSERS
from clientela.conversations.outgoing import Composed
from clientela.platform.ids import new_id
from clientela.whatsapp.payloads import message_payload
from fakes.meta import validate
from fakes.meta.errors import GraphError
from tests.conversations.test_limits import CASES

# Where we alone refuse: of two headers one would be lost without a word, and a product shown twice is a slip.
OURS_ALONE = {"header twice", "same products"}


async def payload_of(body: dict[str, Any]) -> dict[str, Any]:
    """As the worker would make it, without asking the limits first."""
    message: NewMessage = msgspec.convert(body, NewMessage, strict=False)
    composed: Composed = await _COMPOSERS[type(message)](None, None, message)  # type: ignore[arg-type]
    file = None
    if composed.upload_id is not None:
        kind = composed.upload_kinds[0]
        file = OutgoingFile(
            id=new_id(), kind=kind, filename="orçamento.pdf", voice=composed.options.voice, remote_id="77"
        )
    outgoing = Outgoing(
        message_id=new_id(),
        conversation_id=new_id(),
        channel_id=new_id(),
        contact_id=new_id(),
        attempt=1,
        reference="1.1",
        type=composed.type,
        text=composed.text,
        content=composed.content,
        options=composed.options,
        file=file,
        reply_to_wamid=None,
        wa_id="5511985550111",
        bsuid=None,
    )
    return message_payload(outgoing, "77" if file else None)


@pytest.mark.parametrize("case", CASES)
async def test_meta_takes_each_kind_at_its_greatest(case: str) -> None:
    allowed = CASES[case][0]
    body = await payload_of(allowed)
    assert validate.check_message(body) == body["type"]


@pytest.mark.parametrize("case", [case for case in CASES if case not in OURS_ALONE])
async def test_what_we_refuse_meta_would_refuse(case: str) -> None:
    refused = CASES[case][1]
    with pytest.raises(GraphError):
        validate.check_message(await payload_of(refused))


@pytest.mark.parametrize(
    ("body", "taken"),
    [
        ({"type": "image", "text": "azul"}, {"id": "77", "caption": "azul"}),
        ({"type": "video"}, {"id": "77"}),
        ({"type": "audio", "voice": True}, {"id": "77", "voice": True}),
        ({"type": "audio"}, {"id": "77"}),
        ({"type": "document"}, {"id": "77", "filename": "orçamento.pdf"}),
        ({"type": "sticker"}, {"id": "77"}),
    ],
)
async def test_a_file_is_sent_by_metas_id_with_what_belongs_to_its_kind(
    body: dict[str, Any], taken: dict[str, Any]
) -> None:
    payload = await payload_of(body | {"upload_id": str(new_id())})
    assert payload[payload["type"]] == taken
    assert validate.check_message(payload) == body["type"]


async def test_a_file_stands_above_the_words_of_buttons_and_links() -> None:
    buttons = {"type": "buttons", "text": "Serve?", "buttons": [{"title": "Sim"}], "upload_id": str(new_id())}
    link = {
        "type": "link",
        "text": "Veja",
        "button": "Abrir",
        "url": "https://l.example",
        "upload_id": str(new_id()),
    }
    for body in (buttons, link):
        payload = await payload_of(body)
        assert payload["interactive"]["header"] == {"type": "image", "image": {"id": "77"}}
        assert validate.check_message(payload) == "interactive"
