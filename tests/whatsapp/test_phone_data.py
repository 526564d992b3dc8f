"""What a phone holds is asked for once more where Meta allows it, and nowhere else."""

from typing import Any

from clientela.whatsapp.number_state import change_number
from clientela.whatsapp.signup import CONTACTS, HISTORY
from tests.conftest import MovableClock
from tests.whatsapp.house import House


async def with_phone(house: House) -> dict[str, Any]:
    """A number that a phone shares, connected by hand: nothing was asked for."""
    phone_number_id = await house.meta.number("+55 11 98555-0166", coexistence=True)
    number = await house.connect(phone_number_id=phone_number_id)
    await house.introduce(number["id"])
    known = await house.number(number["id"])
    assert (known["coexistence"], known["history_status"], known["contacts_status"]) == (True, None, None)
    return known


async def test_what_was_never_asked_for_can_be_asked_for_by_a_person(house: House) -> None:
    number = await with_phone(house)
    path = f"/v1/numbers/{number['id']}/phone-data"
    assert (await house.post(path, {"kind": "history"})).status_code == 200
    assert await house.jobs("request_phone_data") == 1
    await house.ask_phone(number["id"], HISTORY)
    assert (await house.number(number["id"]))["history_status"] == "requested"
    again = await house.post(path, {"kind": "history"})
    assert (again.status_code, again.json()["reason"]) == (409, "asked_already")


async def test_a_refusal_is_forgotten_when_somebody_asks_anew(house: House) -> None:
    number = await with_phone(house)
    await house.meta.faults(fail_calls=[{"code": 10, "edge": "smb_app_data", "count": 1}])
    await house.ask_phone(number["id"], CONTACTS)
    assert (await house.number(number["id"]))["contacts_status"] == "refused"
    asked = await house.post(f"/v1/numbers/{number['id']}/phone-data", {"kind": "contacts"})
    assert (asked.status_code, asked.json()["contacts_status"]) == (200, None)
    await house.ask_phone(number["id"], CONTACTS)
    assert (await house.number(number["id"]))["contacts_status"] == "requested"


async def test_a_day_later_it_is_too_late(house: House, clock: MovableClock) -> None:
    number = await with_phone(house)
    clock.move(days=1.01)
    late = await house.post(f"/v1/numbers/{number['id']}/phone-data", {"kind": "history"})
    assert (late.status_code, late.json()["code"], late.json()["reason"]) == (
        409,
        "phone_data_not_to_be_had",
        "too_late",
    )


async def test_what_the_owner_declined_is_not_asked_for_again(house: House) -> None:
    number = await with_phone(house)
    async with house.parts.db.begin(house.tenant.id) as tx:
        await change_number(tx, number["id"], history_status="declined")
    refused = await house.post(f"/v1/numbers/{number['id']}/phone-data", {"kind": "history"})
    assert refused.json()["reason"] == "asked_already"


async def test_a_number_without_a_phone_has_nothing_to_ask_for(house: House) -> None:
    number = await house.connect()
    refused = await house.post(f"/v1/numbers/{number['id']}/phone-data", {"kind": "history"})
    assert (refused.status_code, refused.json()["reason"]) == (409, "no_phone")
