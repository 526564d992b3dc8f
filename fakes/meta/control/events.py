"""Acts as Meta: what becomes of templates, what is told of accounts and numbers; and as the phone app's owner."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get, post
from litestar.exceptions import ClientException
from litestar.params import FromPath, JSONBody

from fakes.meta.assets import PhoneApp, Template
from fakes.meta.control.shapes import (
    Announcement,
    AppContact,
    AppData,
    Echo,
    TemplateCategory,
    TemplateEvent,
    TemplatePacing,
    TemplateQuality,
    Trouble,
)
from fakes.meta.control.shared import Asked, engine_of, find, world_of
from fakes.meta.state import Number


def _template(request: Asked, template_id: str) -> Template:
    return find(world_of(request).templates, template_id, "template")


@get("/templates")
async def list_templates(request: Asked) -> list[Template]:
    return list(world_of(request).templates.values())


@post("/templates/{template_id:str}/events", status_code=200)
async def decide_template(request: Asked, template_id: FromPath[str], data: JSONBody[TemplateEvent]) -> Template:
    template = _template(request, template_id)
    more = {
        key: value for key, value in msgspec.structs.asdict(data).items() if key != "event" and value is not None
    }
    engine_of(request).lifecycle.decide(template, data.event, **more)
    return template


@post("/templates/{template_id:str}/quality", status_code=200)
async def rate_template(request: Asked, template_id: FromPath[str], data: JSONBody[TemplateQuality]) -> Template:
    template = _template(request, template_id)
    engine_of(request).lifecycle.quality(template, data.score)
    return template


@post("/templates/{template_id:str}/category", status_code=200)
async def recategorise_template(
    request: Asked, template_id: FromPath[str], data: JSONBody[TemplateCategory]
) -> Template:
    template = _template(request, template_id)
    engine_of(request).lifecycle.recategorise(template, data.category, data.notice_s)
    return template


@post("/templates/{template_id:str}/pacing", status_code=200)
async def pace_template(
    request: Asked, template_id: FromPath[str], data: JSONBody[TemplatePacing]
) -> dict[str, int]:
    template = _template(request, template_id)
    if data.good is not None:
        return {"released": engine_of(request).lifecycle.pacing_over(template, good=data.good)}
    template.hold_after = data.hold_after
    return {"released": 0}


@post("/announcements")
async def announce(request: Asked, data: JSONBody[Announcement]) -> dict[str, Any]:
    """Tell an event of section 2.9 and let it have its effect; `value` changes the sample."""
    world = world_of(request)
    number = None
    if data.phone_number_id is not None:
        number = find(world.numbers, data.phone_number_id, "number")
    waba_id = data.waba_id or (number.waba_id if number is not None else next(iter(world.wabas), ""))
    waba = find(world.wabas, waba_id, "account")
    if number is None:
        number = next((one for one in world.numbers.values() if one.waba_id == waba.id), None)
    try:
        value = engine_of(request).announce.event(data.field, waba, number, data.event, data.value)
    except KeyError as error:
        raise ClientException(str(error.args[0])) from error
    return {"value": value}


@post("/numbers/{number_id:str}/errors")
async def report_trouble(request: Asked, number_id: FromPath[str], data: JSONBody[Trouble]) -> dict[str, int]:
    engine_of(request).announce.report(find(world_of(request).numbers, number_id, "number"), data.code)
    return {"code": data.code}


# The phone app of a coexistence number.


def _app(request: Asked, number_id: str) -> tuple[Number, PhoneApp]:
    number = find(world_of(request).numbers, number_id, "number")
    if number.phone_app is None:
        raise ClientException("this number is not on the WhatsApp Business app")
    return number, number.phone_app


@post("/numbers/{number_id:str}/echoes")
async def echo(request: Asked, number_id: FromPath[str], data: JSONBody[Echo]) -> dict[str, str]:
    number, _ = _app(request, number_id)
    customer = find(world_of(request).customers, data.customer_id, "customer")
    content = {"body": data.text} if data.text is not None else data.content
    return {"wamid": engine_of(request).phone_app.echo(number, customer, data.type, content)}


@post("/numbers/{number_id:str}/app-contacts")
async def change_app_contact(
    request: Asked, number_id: FromPath[str], data: JSONBody[AppContact]
) -> dict[str, str]:
    number, _ = _app(request, number_id)
    engine_of(request).phone_app.contact_changed(number, data.contact, data.action)
    return {"action": data.action}


@post("/numbers/{number_id:str}/app-data", status_code=200)
async def set_app_data(request: Asked, number_id: FromPath[str], data: JSONBody[AppData]) -> PhoneApp:
    _, app = _app(request, number_id)
    for name, value in msgspec.structs.asdict(data).items():
        if value is not None:
            setattr(app, name, value)
    return app


ROUTES = [
    list_templates,
    decide_template,
    rate_template,
    recategorise_template,
    pace_template,
    announce,
    report_trouble,
    echo,
    change_app_contact,
    set_app_data,
]
