"""Statuses to people with and without phone numbers fit the strict schema (reference sections 2.2 and 2.4)."""

from __future__ import annotations

import msgspec

from fakes.meta.testing import Simulator
from tests.fakes import schema
from tests.fakes.receiver import Receiver


async def test_captured_status_sequences_parse(meta: Simulator, receiver: Receiver) -> None:
    ana = await meta.customer("Ana", phone="+5511985550111")
    lia = await meta.customer("Lia", bsuid="BR.1349", username="lia")
    hidden = await meta.customer("~", phone="+5551985550116", bsuid="BR.1350", hidden_phone=True)
    for person in (ana, lia, hidden):
        await person.says("oi")
    await meta.settled()
    receiver.got.clear()
    base = {"messaging_product": "whatsapp", "type": "text", "text": {"body": "Olá"}}
    await meta.send({**base, "to": "+5511985550111", "biz_opaque_callback_data": "x"})
    await meta.send({**base, "recipient": "BR.1349"})
    await meta.send({**base, "recipient": "BR.1350"})
    await meta.send({**base, "to": "+5511985559999"})
    await meta.settled()
    values = [value for got in receiver.got for _, value in schema.read(got.raw)]
    statuses = [status for value in values for status in value.statuses]
    assert len(statuses) == 10
    by_user = {status.recipient_user_id: status for status in statuses}
    assert by_user["BR.1349"].recipient_id is msgspec.UNSET
    assert by_user["BR.1350"].recipient_id is msgspec.UNSET
    (failed,) = [status for status in statuses if status.status == "failed"]
    assert failed.errors is not msgspec.UNSET
    assert failed.errors[0].code == 131026
    assert failed.pricing is msgspec.UNSET
