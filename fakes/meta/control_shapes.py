"""Bodies the control API takes. An unknown key is refused, so that a misspelt one is not silently ignored."""

from __future__ import annotations

import msgspec

from fakes.meta.wire import JsonObject


class NewApp(msgspec.Struct, forbid_unknown_fields=True):
    name: str = "Clientela"
    app_id: str | None = None
    app_secret: str | None = None
    callback_url: str | None = None
    verify_token: str = ""
    verify: bool = True


class Callback(msgspec.Struct, forbid_unknown_fields=True):
    callback_url: str
    verify_token: str = ""
    verify: bool = True


class NewWaba(msgspec.Struct, forbid_unknown_fields=True):
    name: str = "Loja Aurora"
    waba_id: str | None = None
    app_id: str | None = None


class NewNumber(msgspec.Struct, forbid_unknown_fields=True):
    waba_id: str
    display_phone_number: str = "+55 11 98555-0100"
    verified_name: str = "Loja Aurora"
    phone_number_id: str | None = None
    status: str = "CONNECTED"


class NewToken(msgspec.Struct, forbid_unknown_fields=True):
    app_id: str
    waba_ids: list[str] | None = None
    value: str | None = None
    expires_in_s: float | None = None


class NewCustomer(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    phone: str | None = None
    bsuid: str | None = None
    username: str | None = None
    hidden_phone: bool = False
    reads: bool = True


class CustomerPatch(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    name: str | None = None
    reads: bool | None = None
    online: bool | None = None
    blocked: bool | None = None
    hidden_phone: bool | None = None


class CustomerText(msgspec.Struct, forbid_unknown_fields=True):
    phone_number_id: str
    text: str
    ago_s: float = 0.0
    reply_to: str | None = None


class Reading(msgspec.Struct, forbid_unknown_fields=True):
    phone_number_id: str | None = None


class RawWebhook(msgspec.Struct, forbid_unknown_fields=True):
    """Either `field` and `value`, or a whole `body`, or `raw`: text posted and signed byte for byte."""

    field: str | None = None
    value: JsonObject | None = None
    waba_id: str | None = None
    entry_time: int | None = None
    body: JsonObject | None = None
    raw: str | None = None
    app_id: str | None = None


class Waiting(msgspec.Struct, forbid_unknown_fields=True):
    timeout_s: float = 10.0


class Advance(msgspec.Struct, forbid_unknown_fields=True):
    seconds: float


class PeopleSwitch(msgspec.Struct, forbid_unknown_fields=True):
    on: bool
    phone_number_id: str | None = None
