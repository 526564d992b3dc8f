"""Every status body fits a strict schema written from the reference (sections 2.2 and 2.4), not from the code.

`forbid_unknown_fields` makes a key Meta does not send fail, and the types make a null or a number for a string
fail: a product that parses these parses Meta's.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from fakes.meta.testing import Simulator
from tests.fakes.receiver import Receiver


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    pass


class ErrorData(Strict):
    details: str


class ErrorItem(Strict):
    code: int
    title: str
    message: str
    error_data: ErrorData
    href: str


class Pricing(Strict):
    billable: bool
    pricing_model: Literal["PMP"]
    type: Literal["regular", "free_customer_service", "free_entry_point"]
    category: Literal["marketing", "utility", "authentication", "service"]


class Status(Strict):
    id: str
    status: Literal["sent", "delivered", "read", "failed"]
    timestamp: str
    recipient_id: str | msgspec.UnsetType = msgspec.UNSET
    recipient_user_id: str | msgspec.UnsetType = msgspec.UNSET
    biz_opaque_callback_data: str | msgspec.UnsetType = msgspec.UNSET
    pricing: Pricing | msgspec.UnsetType = msgspec.UNSET
    errors: list[ErrorItem] | msgspec.UnsetType = msgspec.UNSET


class Profile(Strict):
    name: str
    username: str | msgspec.UnsetType = msgspec.UNSET


class Contact(Strict):
    profile: Profile
    user_id: str
    wa_id: str | msgspec.UnsetType = msgspec.UNSET


class Metadata(Strict):
    display_phone_number: str
    phone_number_id: str


class Value(Strict):
    messaging_product: Literal["whatsapp"]
    metadata: Metadata
    statuses: list[Status]
    contacts: list[Contact] | msgspec.UnsetType = msgspec.UNSET


class Change(Strict):
    field: Literal["messages"]
    value: Value


class Entry(Strict):
    id: str
    changes: list[Change]


class Body(Strict):
    object: Literal["whatsapp_business_account"]
    entry: list[Entry]


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
    bodies = [msgspec.json.decode(got.raw, type=Body) for got in receiver.got]
    statuses = [status for body in bodies for status in body.entry[0].changes[0].value.statuses]
    assert len(statuses) == 10
    by_user = {status.recipient_user_id: status for status in statuses}
    assert by_user["BR.1349"].recipient_id is msgspec.UNSET
    assert by_user["BR.1350"].recipient_id is msgspec.UNSET
    (failed,) = [status for status in statuses if status.status == "failed"]
    assert failed.errors is not msgspec.UNSET
    assert failed.errors[0].code == 131026
    assert failed.pricing is msgspec.UNSET
