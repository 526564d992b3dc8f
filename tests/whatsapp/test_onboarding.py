"""A number's way in: checked, connected, registered, signed up, watched; each against the simulator."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from clientela.platform.db import Database
from clientela.whatsapp.check_rules import address_line, webhook_line
from clientela.whatsapp.check_words import _SENTENCES
from clientela.whatsapp.signup import CONTACTS, HISTORY
from clientela.whatsapp.watch import Watch
from tests.accounts import Tenant, make_key_of, open_client
from tests.conftest import MovableClock
from tests.whatsapp.house import PUBLIC, House


def lines(check: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {line["key"]: (line["result"], line["reason"]) for line in check["lines"]}


# Looking before connecting.


async def test_a_number_that_lacks_nothing_is_ready_and_nothing_was_stored(house: House) -> None:
    found = await house.check()
    assert {line["result"] for line in found["lines"]} <= {"ok", "warn"}, found
    assert (found["ready"], found["needs_registration"], found["coexistence"]) == (True, False, False)
    assert found["display_phone_number"] == house.meta.display_phone_number
    assert lines(found)["webhook"] == ("ok", "ours")
    assert lines(found)["app_secret"] == ("ok", "matches")
    assert (await house.client.get("/v1/numbers")).json()["items"] == []
    assert house.meta.access_token not in msgspec.json.encode(found).decode()


async def test_each_thing_that_is_wrong_is_named(house: House) -> None:
    meta = house.meta
    other = await meta.waba("Outra")
    theirs = await meta.number("+55 11 98555-0188", waba_id=other)
    narrow = (await meta.control("POST", "tokens", {"app_id": meta.app_id, "waba_ids": [other]}))["value"]
    short = (await meta.control("POST", "tokens", {"app_id": meta.app_id, "expires_in_s": 3600}))["value"]
    soon = (await meta.control("POST", "tokens", {"app_id": meta.app_id, "expires_in_s": 9 * 86400}))["value"]
    strange = await meta.control("POST", "apps", {"name": "Outro app"})
    foreign = (await meta.control("POST", "tokens", {"app_id": strange["id"]}))["value"]
    cases: list[tuple[dict[str, Any], str, tuple[str, str]]] = [
        ({"access_token": "EAAnothing"}, "token", ("missing", "invalid")),
        ({"access_token": short}, "token", ("warn", "temporary")),
        ({"access_token": soon}, "token", ("warn", "ends_soon")),
        ({"access_token": narrow}, "account", ("missing", "unreachable")),
        ({"waba_id": "999"}, "account", ("missing", "unreachable")),
        ({"phone_number_id": "999"}, "number", ("missing", "unreachable")),
        ({"phone_number_id": theirs}, "number", ("missing", "not_in_account")),
        ({"app_secret": "not the secret"}, "app_secret", ("missing", "wrong")),
        ({"access_token": foreign}, "app_secret", ("missing", "other_app")),
        ({"access_token": foreign, "app_secret": strange["secret"]}, "app_secret", ("ok", "matches")),
    ]
    for changed, key, expected in cases:
        found = await house.check(**changed)
        assert lines(found)[key] == expected, (changed, found)
        assert found["ready"] is (expected[0] in ("ok", "warn") and lines(found)["webhook"][0] == "ok"), found


async def test_what_stands_in_the_way_at_meta_is_named(house: House) -> None:
    meta = house.meta
    await meta.control("PATCH", f"wabas/{meta.waba_id}", {"payment_method": False})
    await meta.control("PATCH", f"numbers/{meta.phone_number_id}", {"name_status": "DECLINED"})
    await meta.set_callback("https://somewhere.else/hook", verify=False)
    found = lines(await house.check())
    assert found["payment"] == ("missing", "none")
    assert found["display_name"] == ("warn", "declined")
    assert found["webhook"] == ("missing", "elsewhere")
    await meta.control("PATCH", f"numbers/{meta.phone_number_id}", {"status": "BANNED"})
    banned = await house.check()
    assert lines(banned)["registered"] == ("missing", "blocked")
    assert (banned["ready"], banned["needs_registration"]) == (False, False)


async def test_while_meta_is_away_the_check_says_so(house: House) -> None:
    await house.meta.faults(fail_calls=[{"code": 2, "count": 50, "http_status": 503}])
    await house.meta.faults(lost_requests=50)
    found = await house.check()
    assert found["ready"] is False
    assert lines(found)["token"][0] == "unknown"


async def test_a_number_of_another_account_here_is_told_before_the_token_is_stored(
    house: House, db: Database, other_tenant: Tenant
) -> None:
    async with open_client(house.client._transport.app) as neighbour:  # type: ignore[attr-defined]
        key = await make_key_of(db, other_tenant, ["numbers.manage", "numbers.read"])
        neighbour.headers["Authorization"] = f"Bearer {key}"
        assert (await neighbour.post("/v1/numbers", json=await house.values())).status_code == 201
    assert lines(await house.check())["number"] == ("missing", "elsewhere")
    refused = await house.post("/v1/numbers", await house.values())
    assert (refused.status_code, refused.json()["code"]) == (409, "number_already_connected")


# Registered with a PIN.


async def unregistered(house: House, pin: str | None = None) -> str:
    phone_number_id = await house.meta.number("+55 11 98555-0177", status="PENDING")
    await house.meta.control("PATCH", f"numbers/{phone_number_id}", {"code_verification_status": "VERIFIED"})
    if pin is not None:
        await house.meta.graph("POST", f"{phone_number_id}/register", {"messaging_product": "whatsapp", "pin": pin})
        await house.meta.control("PATCH", f"numbers/{phone_number_id}", {"status": "DISCONNECTED"})
    return phone_number_id


async def test_a_number_without_a_pin_gets_one_that_is_kept_sealed_and_never_shown(house: House) -> None:
    phone_number_id = await unregistered(house)
    found = await house.check(phone_number_id=phone_number_id)
    assert (found["needs_registration"], found["ready"]) == (True, True)
    number = await house.connect(phone_number_id=phone_number_id)
    await house.introduce(number["id"])
    known = await house.number(number["id"])
    assert (known["meta_status"], known["last_problem"]) == ("connected", None)
    pin = await house.pin_at_meta(phone_number_id)
    assert len(pin) == 6
    async with house.parts.db.begin(house.tenant.id) as tx:
        sealed = await tx.value("select pin from phone_number where id = $1", UUID(number["id"]))
    assert house.parts.vault.open(sealed, f"pin/{phone_number_id}") == pin
    assert pin not in msgspec.json.encode(known).decode()


async def test_a_given_pin_is_used_and_a_wrong_one_is_told_plainly(house: House) -> None:
    phone_number_id = await unregistered(house, pin="246810")
    number = await house.connect(phone_number_id=phone_number_id)
    await house.introduce(number["id"])
    assert (await house.number(number["id"]))["last_problem"]["reason"] == "pin_needed"
    path = f"/v1/numbers/{number['id']}/register"
    wrong = await house.post(path, {"pin": "111111"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "pin_wrong")
    right = await house.post(path, {"pin": "246810"})
    assert right.status_code == 200
    assert (right.json()["meta_status"], right.json()["last_problem"]) == ("connected", None)
    again = await house.post(path)
    assert again.status_code == 200  # in service already


async def test_each_refusal_of_a_registration_has_its_own_sentence(house: House) -> None:
    phone_number_id = await unregistered(house)
    number = await house.connect(phone_number_id=phone_number_id)
    path = f"/v1/numbers/{number['id']}/register"
    for code, expected in (
        (133008, "pin_tries_used_up"),
        (133009, "pin_tries_used_up"),
        (133006, "number_not_verified"),
        (133016, "registration_limit"),
        (133004, "meta_refused"),
    ):
        await house.meta.faults(fail_calls=[{"code": code, "edge": "register", "count": 1}])
        refused = await house.post(path, {"pin": "246810"})
        assert refused.json()["code"] == expected, (code, refused.text)
    bad = await house.post(path, {"pin": "12345"})
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (400, "pin")
    assert (await house.post("/v1/numbers", await house.values(pin="12"))).status_code == 400


async def test_a_number_shared_with_a_phone_is_never_registered(house: House) -> None:
    phone_number_id = await house.meta.number("+55 11 98555-0166", coexistence=True)
    number = await house.connect(phone_number_id=phone_number_id)
    await house.introduce(number["id"])
    known = await house.number(number["id"])
    assert (known["coexistence"], known["last_problem"]) == (True, None)
    refused = await house.post(f"/v1/numbers/{number['id']}/register", {"pin": "246810"})
    assert (refused.status_code, refused.json()["code"]) == (409, "number_shared_with_phone")
    assert await house.pin_at_meta(phone_number_id) is None


# Through Meta's dialog.


async def a_code(house: House, **more: Any) -> str:
    made = await house.meta.control("POST", "codes", {"app_id": house.meta.app_id, **more})
    return str(made["code"])


async def test_the_dialog_is_offered_with_our_app_and_our_way_back(house: House) -> None:
    offer = (await house.client.get("/v1/numbers/signup")).json()
    assert offer["offered"] is True
    assert offer["redirect_url"] == f"{PUBLIC}/connect/whatsapp"
    for name in ("coexistence_url", "cloud_url"):
        address = httpx.URL(offer[name])
        assert (address.host, address.params["client_id"]) == ("www.facebook.com", house.meta.app_id)
        assert (address.params["config_id"], address.params["redirect_uri"]) == ("4711", offer["redirect_url"])
        assert address.params["response_type"] == "code"
        assert house.meta.app_secret not in offer[name]
    assert "whatsapp_business_app_onboarding" in offer["coexistence_url"]
    assert "whatsapp_business_app_onboarding" not in offer["cloud_url"]


async def test_a_number_comes_with_its_phone_and_asks_for_contacts_and_history_once(house: House) -> None:
    phone_number_id = await house.meta.number("+55 11 98555-0166", coexistence=True)
    number = (await house.post("/v1/numbers/signup", {"code": await a_code(house), "coexistence": True})).json()
    assert (number["phone_number_id"], number["coexistence"]) == (phone_number_id, True)
    assert number["token_kind"] == "business"
    await house.introduce(number["id"])
    assert await house.jobs("request_phone_data") == 2
    await house.ask_phone(number["id"], CONTACTS)
    await house.ask_phone(number["id"], HISTORY)
    known = await house.number(number["id"])
    assert (known["contacts_status"], known["history_status"], known["history_progress"]) == (
        "requested",
        "requested",
        0,
    )
    await house.ask_phone(number["id"], HISTORY)  # a job may run twice
    assert (await house.number(number["id"]))["history_status"] == "requested"


async def test_history_asked_for_before_a_crash_counts_as_asked_and_too_late_is_refused(house: House) -> None:
    await house.meta.number("+55 11 98555-0166", coexistence=True)
    number = (await house.post("/v1/numbers/signup", {"code": await a_code(house), "coexistence": True})).json()
    await house.meta.faults(fail_calls=[{"code": 2593107, "edge": "smb_app_data", "count": 1}])
    await house.ask_phone(number["id"], HISTORY)
    await house.meta.faults(fail_calls=[{"code": 2593108, "edge": "smb_app_data", "count": 1}])
    await house.ask_phone(number["id"], CONTACTS)
    known = await house.number(number["id"])
    assert (known["history_status"], known["contacts_status"]) == ("requested", "refused")


async def test_a_code_works_once_and_for_thirty_seconds(house: House) -> None:
    code = await a_code(house)
    assert (await house.post("/v1/numbers/signup", {"code": code})).status_code == 201
    late = await a_code(house)
    await house.meta.advance(31)
    for used in (code, late, "no such code"):
        refused = await house.post("/v1/numbers/signup", {"code": used})
        assert (refused.status_code, refused.json()["code"]) == (422, "signup_code_refused"), used


async def test_the_newest_account_is_meant_unless_one_is_named(house: House) -> None:
    newer = await house.meta.waba("Mais nova")
    theirs = await house.meta.number("+55 11 98555-0155", waba_id=newer)
    code = await a_code(house, waba_ids=[house.meta.waba_id, newer])
    newest = (await house.post("/v1/numbers/signup", {"code": code})).json()
    assert (newest["waba_id"], newest["phone_number_id"]) == (newer, theirs)
    code = await a_code(house, waba_ids=[house.meta.waba_id, newer])
    named = (await house.post("/v1/numbers/signup", {"code": code, "waba_id": house.meta.waba_id})).json()
    assert named["phone_number_id"] == house.meta.phone_number_id


async def test_of_several_numbers_one_is_chosen_with_a_ticket_since_the_code_is_spent(house: House) -> None:
    second = await house.meta.number("+55 11 98555-0144")
    asked = await house.post("/v1/numbers/signup", {"code": await a_code(house)})
    problem = asked.json()
    assert (asked.status_code, problem["code"]) == (422, "signup_choose_number")
    assert {one["phone_number_id"] for one in problem["numbers"]} == {house.meta.phone_number_id, second}
    chosen = {"ticket": problem["ticket"], "waba_id": problem["waba_id"], "phone_number_id": second}
    assert (await house.post("/v1/numbers/signup", chosen)).json()["phone_number_id"] == second
    forged = await house.post("/v1/numbers/signup", {**chosen, "ticket": "QUJD"})
    assert (forged.status_code, forged.json()["code"]) == (400, "invalid_request")


async def test_where_meta_hides_the_account_it_is_asked_for_and_the_ticket_outlives_a_typo(house: House) -> None:
    made = await house.meta.control("POST", "codes", {"app_id": house.meta.app_id, "hides_targets": True})
    asked = await house.post("/v1/numbers/signup", {"code": str(made["code"])})
    problem = asked.json()
    assert (asked.status_code, problem["code"]) == (422, "signup_account_needed")
    assert house.meta.access_token not in asked.text
    wrong = await house.post("/v1/numbers/signup", {"ticket": problem["ticket"], "waba_id": "999"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "meta_refused")
    right = await house.post("/v1/numbers/signup", {"ticket": problem["ticket"], "waba_id": house.meta.waba_id})
    assert (right.status_code, right.json()["phone_number_id"]) == (201, house.meta.phone_number_id)


async def test_a_ticket_is_of_one_account_and_of_a_quarter_of_an_hour(
    house: House, db: Database, other_tenant: Tenant, clock: MovableClock
) -> None:
    second = await house.meta.number("+55 11 98555-0144")
    problem = (await house.post("/v1/numbers/signup", {"code": await a_code(house)})).json()
    chosen = {"ticket": problem["ticket"], "waba_id": problem["waba_id"], "phone_number_id": second}
    async with open_client(house.client._transport.app) as stranger:  # type: ignore[attr-defined]
        stranger.headers["Authorization"] = f"Bearer {await make_key_of(db, other_tenant, ['numbers.manage'])}"
        stolen = await stranger.post("/v1/numbers/signup", json=chosen)
        assert (stolen.status_code, stolen.json()["code"]) == (400, "invalid_request")
    clock.move(minutes=16)
    late = await house.post("/v1/numbers/signup", chosen)
    assert (late.status_code, late.json()["code"]) == (422, "signup_code_refused")


async def test_a_signup_that_shares_nothing_says_so(house: House) -> None:
    code = await a_code(house)
    nothing = await house.post("/v1/numbers/signup", {"code": code, "coexistence": True})
    assert (nothing.status_code, nothing.json()["code"]) == (422, "signup_nothing_shared")


# Given a new token, looked after, left.


async def test_a_new_token_is_tried_before_it_replaces_the_old_one(house: House) -> None:
    number = await house.connect()
    path = f"/v1/numbers/{number['id']}/reconnect"
    refused = await house.post(path, {"access_token": "EAAwrong"})
    assert (refused.status_code, refused.json()["code"]) == (422, "token_refused")
    assert (await house.number(number["id"]))["version"] == number["version"]
    await house.meta.revoke(house.meta.access_token)
    await house.watch(number["id"])
    lost = await house.number(number["id"])
    assert (lost["status"], lost["last_problem"]["reason"]) == ("reconnect", "token_invalid")
    again = await house.post(path, {"access_token": await house.meta.token()})
    assert (again.status_code, again.json()["status"], again.json()["last_problem"]) == (200, "connected", None)
    assert await house.jobs("resume_number") == 1


async def test_an_own_apps_secret_stays_when_only_the_token_is_new(house: House, db: Database) -> None:
    strange = await house.meta.control("POST", "apps", {"name": "App da loja"})
    token = (await house.meta.control("POST", "tokens", {"app_id": strange["id"]}))["value"]
    number = await house.connect(access_token=token, app_secret=strange["secret"])
    assert number["own_app"] is True
    second = (await house.meta.control("POST", "tokens", {"app_id": strange["id"]}))["value"]
    again = await house.post(f"/v1/numbers/{number['id']}/reconnect", {"access_token": second})
    assert again.json()["own_app"] is True
    await house.introduce(number["id"])
    found = (await house.post(f"/v1/numbers/{number['id']}/check")).json()
    assert lines(found)["app_secret"] == ("ok", "matches")
    assert lines(found)["subscribed"] == ("ok", "subscribed")


async def test_the_watch_learns_the_tokens_life_and_warns_before_it_ends(house: House, clock: MovableClock) -> None:
    ends = await house.meta.control("POST", "tokens", {"app_id": house.meta.app_id, "expires_in_s": 20 * 86400})
    number = await house.connect(access_token=ends["value"])
    await house.watch(number["id"])
    known = await house.number(number["id"])
    assert (known["status"], known["last_problem"]) == ("connected", None)
    assert known["token_kind"] == "system_user"
    assert known["token_expires_at"] is not None
    assert known["quality_rating"] == "green"
    assert known["messaging_limit_tier"] == "tier_2k"
    told = []
    for days in (5, 2, 8, 4, 0.5):  # 15, 13, 5, 1, 0.5 days left
        clock.move(days=days)
        await house.watch(number["id"])
        told.append(((await house.number(number["id"]))["last_problem"] or {}).get("code"))
    assert told == [None, 14, 7, 1, 1]


async def test_a_number_whose_permission_comes_back_at_meta_works_again_by_itself(house: House) -> None:
    number = await house.connect()
    async with house.parts.db.begin(house.tenant.id) as tx:
        await tx.execute("update phone_number set status = 'reconnect'")
    await house.watch(number["id"])
    assert (await house.number(number["id"]))["status"] == "connected"
    assert await house.jobs("resume_number") == 1


async def test_an_app_that_came_off_its_account_is_attached_again(house: House) -> None:
    number = await house.connect()
    await house.introduce(number["id"])
    await house.meta.graph("DELETE", f"{house.meta.waba_id}/subscribed_apps")
    missing = (await house.post(f"/v1/numbers/{number['id']}/check")).json()
    assert lines(missing)["subscribed"] == ("missing", "not_subscribed")
    await house.watch(number["id"])
    found = (await house.post(f"/v1/numbers/{number['id']}/check")).json()
    assert lines(found)["subscribed"] == ("ok", "subscribed")


async def test_every_connected_number_is_watched_also_one_from_before_there_was_a_watch(house: House) -> None:
    number = await house.connect()
    async with house.graph() as graph:
        watch = Watch(house.parts.db, house.parts.vault, graph, house.parts.settings)
        await watch.arm_missing()
        async with house.parts.db.system() as sql:
            armed = await sql.fetchval(
                "select count(*) from timer where kind = 'number_watch' and subject = $1", UUID(number["id"])
            )
    assert armed == 1


async def test_a_pause_is_ended_by_hand(house: House) -> None:
    number = await house.connect()
    async with house.parts.db.begin(house.tenant.id) as tx:
        await tx.execute("update phone_number set status = 'paused', pause_reason = 'spam_limit'")
    resumed = (await house.post(f"/v1/numbers/{number['id']}/resume")).json()
    assert (resumed["status"], resumed["pause_reason"]) == ("connected", None)


# What customers see.


async def test_the_profile_is_read_and_changed_at_meta(house: House) -> None:
    number = await house.connect()
    path = f"/v1/numbers/{number['id']}/profile"
    changes = {
        "about": "Moda com carinho",
        "email": "oi@aurora.example",
        "websites": ["https://aurora.example", ""],
        "vertical": "APPAREL",
    }
    changed = await house.client.patch(path, json=changes)
    assert changed.status_code == 200, changed.text
    shown = (await house.client.get(path)).json()
    assert shown == changed.json()
    assert (shown["about"], shown["websites"]) == ("Moda com carinho", ["https://aurora.example"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("about", "x" * 140),
        ("about", " "),
        ("address", "x" * 257),
        ("description", "x" * 513),
        ("email", "x" * 129),
        ("websites", ["https://a.example", "https://b.example", "https://c.example"]),
        ("websites", ["aurora.example"]),
        ("vertical", "PIRACY"),
    ],
)
async def test_a_profile_beyond_metas_limits_is_refused_before_it_leaves(
    house: House, field: str, value: Any
) -> None:
    number = await house.connect()
    refused = await house.client.patch(f"/v1/numbers/{number['id']}/profile", json={field: value})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)


async def test_a_profile_behind_an_ended_token_says_what_to_do(house: House) -> None:
    number = await house.connect()
    await house.meta.revoke(house.meta.access_token)
    refused = await house.client.get(f"/v1/numbers/{number['id']}/profile")
    assert (refused.status_code, refused.json()["code"]) == (422, "token_refused")


async def test_a_disconnected_number_answers_no_call_but_its_own_page(house: House) -> None:
    number = await house.connect()
    path = f"/v1/numbers/{number['id']}"
    assert (await house.client.delete(path)).status_code == 204
    assert (await house.number(number["id"]))["status"] == "disconnected"
    for verb, tail, body in (
        ("POST", "/check", {}),
        ("POST", "/register", {}),
        ("POST", "/reconnect", {"access_token": house.meta.access_token}),
        ("GET", "/profile", None),
        ("PATCH", "/profile", {"about": "x"}),
    ):
        answer = await house.client.request(verb, path + tail, json=body)
        assert answer.status_code == 404, (verb, tail, answer.text)


@pytest.mark.parametrize(
    ("public_url", "graph_url", "expected"),
    [
        ("https://inbox.example.com", "https://graph.facebook.com", ("ok", "reachable")),
        ("http://inbox.example.com", "https://graph.facebook.com", ("missing", "not_https")),
        ("http://127.0.0.1:8000", "https://graph.facebook.com", ("missing", "local")),
        ("http://127.0.0.1:8000", "http://127.0.0.1:9100", ("ok", "reachable")),
    ],
)
def test_an_address_that_meta_cannot_reach_is_named(
    public_url: str, graph_url: str, expected: tuple[str, str]
) -> None:
    line = address_line(public_url, graph_url)
    assert (line.result, line.reason) == expected


@pytest.mark.parametrize(
    ("ours_at", "configured", "subscription", "reason"),
    [
        ("number", {"phone_number": "https://a/w", "application": "https://b/w"}, None, "ours"),
        ("account", {"whatsapp_business_account": "https://a/w", "application": "https://b/w"}, None, "ours"),
        ("nobody", {"phone_number": "https://b/w", "application": "https://a/w"}, None, "elsewhere"),
        ("app", {}, ("https://a/w", {"messages"}), "ours"),
        ("app without messages", {}, ("https://a/w", {"flows"}), "no_messages"),
        ("nothing", {}, (None, set()), "none"),
    ],
)
def test_the_webhook_nearest_to_the_number_counts(
    ours_at: str, configured: dict[str, str], subscription: tuple[str | None, set[str]] | None, reason: str
) -> None:
    assert webhook_line("https://a/w", configured, subscription).reason == reason, ours_at


def test_every_reason_of_a_check_has_its_sentence_on_the_command_line_and_on_screens() -> None:
    source = (Path(__file__).parents[2] / "src/clientela/whatsapp/check_rules.py").read_text()
    source += (Path(__file__).parents[2] / "src/clientela/whatsapp/checks.py").read_text()
    said = set(re.findall(r'reason="(\w+)"', source))
    sentences = {reason for _, reason in _SENTENCES}
    assert said <= sentences
    for locale in ("pt-BR", "es", "en"):
        words = (Path(__file__).parents[2] / f"web/src/i18n/numbers.{locale}.ts").read_text()
        for key, reason in _SENTENCES:
            block = words.split(f"    {key}: {{", 1)[1].split("}", 1)[0] + words.split(f"    {key}: {{", 1)[1]
            assert re.search(rf"\b{reason}:", block), (locale, key, reason)
