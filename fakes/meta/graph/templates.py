"""Templates: the edge `message_templates` of an account and the node of one template (reference section 5.1)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from fakes.meta.assets import Template
from fakes.meta.checks import template_create as checks
from fakes.meta.errors import GraphError, messaging_error
from fakes.meta.graph import nodes
from fakes.meta.graph.call import Answer, Call
from fakes.meta.state import Waba

DEFAULT = ("name", "parameter_format", "components", "language", "status", "category")
QUOTA = {False: 250, True: 6_000}
CREATIONS_PER_HOUR = 100
REUSE_AFTER_S = 30 * 24 * 3600
EDITS = ((24 * 3600, 1), (30 * 24 * 3600, 10))
HOUR_S = 3600
_FILTERS = {"name", "language", "status", "category", "quality_score", "content", "name_or_content"}


def shown(call: Call, template: Template) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": template.name,
        "language": template.language,
        "status": template.status,
        "category": template.category,
        "components": template.components,
        "parameter_format": template.parameter_format,
        "rejected_reason": template.rejected_reason,
        "previous_category": template.previous_category,
        "correct_category": template.correct_category,
        "message_send_ttl_seconds": template.message_send_ttl_seconds,
        "quality_score": {"score": template.quality, "date": int(template.quality_at or template.created_at)},
        "last_updated_time": nodes.moment(max([template.created_at, *template.edits])),
        "health_status": nodes.health_of_template(call.world, template),
        "cta_url_link_tracking_opted_out": False,
        "library_template_name": None,
        "sub_category": None,
        "degrees_of_freedom_spec": None,
    }
    return found


def _node(call: Call, template: Template) -> dict[str, Any]:
    return nodes.choose(
        shown(call, template), call.query.get("fields"), DEFAULT, template.id, "WhatsAppBusinessHSM"
    )


def _living(call: Call, waba: Waba) -> list[Template]:
    return [one for one in call.world.templates.values() if one.waba_id == waba.id and one.deleted_at is None]


async def listing(call: Call, waba: Waba) -> Answer:
    """Filtered, a page at a time; an invalid cursor is 131059."""
    found = [template for template in _living(call, waba) if _matches(template, call.query)]
    answer = nodes.page([_node(call, template) for template in found], call.query)
    if "summary" in call.query:
        answer["summary"] = {
            "total_count": len(found),
            "message_template_count": len(found),
            "message_template_limit": QUOTA[call.world.portfolio(waba).verified],
            "are_translations_complete": True,
        }
    return answer


def _matches(template: Template, query: dict[str, str]) -> bool:
    for key in _FILTERS & set(query):
        value = query[key]
        if key in ("content", "name_or_content"):
            text = json.dumps(template.components, ensure_ascii=False) + template.name * (key != "content")
            if value.lower() not in text.lower():
                return False
        elif key == "name":
            if value not in template.name:
                return False
        else:
            own = template.quality if key == "quality_score" else str(getattr(template, key))
            wanted = {part.strip(' "[]').upper() for part in value.split(",")}
            if own.upper() not in wanted:
                return False
    return True


def _handle_known(call: Call) -> Callable[[str], bool]:
    return lambda handle: call.engine.media.handle_type(handle) is not None


async def create(call: Call, waba: Waba) -> Answer:
    if call.tail is not None:
        return await _archive(call, waba)
    name, language, category = checks.check_identity(call.body)
    _check_quota(call, waba)
    if call.world.template(waba.id, name, language) is not None:
        raise checks.refusal(2388024, "Content in this language already exists", "Choose another name or language.")
    _check_reuse(call, waba, name, language)
    form = str(call.body.get("parameter_format", "positional")).upper()
    if form not in ("NAMED", "POSITIONAL"):
        raise GraphError(100, "(#100) Param parameter_format must be one of {NAMED, POSITIONAL}")
    ttl = call.body.get("message_send_ttl_seconds")
    checks.check_ttl(category, ttl)
    components = checks.normalise(
        call.body.get("components"), category, language, form == "NAMED", _handle_known(call)
    )
    more = {"parameter_format": form, "message_send_ttl_seconds": ttl}
    template = call.engine.lifecycle.create(waba, name, language, category, components, **more)
    return {"id": template.id, "status": template.status, "category": template.category}


def _check_quota(call: Call, waba: Waba) -> None:
    living = _living(call, waba)
    if len(living) >= QUOTA[call.world.portfolio(waba).verified]:
        raise checks.refusal(2388019, "Template limit", "The account has as many templates as it may.")
    made = [one for one in call.world.templates.values() if one.waba_id == waba.id]
    if sum(1 for one in made if call.now - one.created_at < HOUR_S) >= CREATIONS_PER_HOUR:
        raise messaging_error(80007, "100 templates may be created in an hour.")


def _check_reuse(call: Call, waba: Waba, name: str, language: str) -> None:
    """The name of a deleted template is free again after 30 days."""
    for template in call.world.templates.values():
        same = (template.waba_id, template.name, template.language) == (waba.id, name, language)
        if same and template.deleted_at is not None and call.now - template.deleted_at < REUSE_AFTER_S:
            raise checks.refusal(
                2388023, "Message template language is being deleted", "Try again in 30 days or use another name."
            )


async def delete(call: Call, waba: Waba) -> Answer:
    """By name in every language, one by id, or several by ids all or none."""
    living = _living(call, waba)
    if call.query.get("hsm_ids"):
        wanted = [part.strip(' "[]') for part in call.query["hsm_ids"].split(",")]
        found = [template for template in living if template.id in wanted]
        if len(found) != len(set(wanted)) or len(wanted) > 100:
            raise GraphError(100, "(#100) Each of hsm_ids must be a template of this account; at most 100.")
    else:
        name, one = call.query.get("name"), call.query.get("hsm_id")
        if name is None:
            raise GraphError(100, "(#100) The parameter name is required.")
        found = [template for template in living if template.name == name and one in (None, template.id)]
        if not found:
            raise checks.refusal(2593002, "Message template not found", "The template does not exist.")
    if any(template.status == "DISABLED" for template in found):
        raise checks.refusal(2388094, "Template disabled", "A disabled template cannot be deleted.")
    for template in found:
        call.engine.lifecycle.delete(template)
    return {"success": True}


async def _archive(call: Call, waba: Waba) -> Answer:
    if call.tail not in ("archive", "unarchive"):
        raise GraphError(2500, f"Unknown path components: /{call.tail}", status=400)
    asked = call.body.get("hsm_ids")
    wanted = asked if isinstance(asked, list) else [part.strip() for part in str(asked or "").split(",") if part]
    done: list[str] = []
    failed: dict[str, str] = {}
    on = call.tail == "archive"
    for template_id in map(str, wanted):
        template = call.world.templates.get(template_id)
        if template is None or template.waba_id != waba.id or template.deleted_at is not None:
            failed[template_id] = "Template not found"
        elif (template.status == "ARCHIVED") == on:
            failed[template_id] = "Template is already in this state"
        else:
            call.engine.lifecycle.archive(template, on=on)
            done.append(template_id)
    return {("archived_templates" if on else "unarchived_templates"): done, "failed_templates": failed}


async def upsert(call: Call, waba: Waba) -> Answer:
    """Authentication templates in several languages at once: made, or given new content."""
    languages = call.body.get("languages")
    if not isinstance(languages, list) or not languages:
        raise GraphError(100, "(#100) Param languages must be a non-empty array.")
    data = []
    for language in languages:
        name, _, category = checks.check_identity({**call.body, "language": language})
        if category != "AUTHENTICATION":
            raise GraphError(100, "(#100) Only authentication templates can be upserted.")
        parts = checks.normalise(call.body.get("components"), category, language, False, _handle_known(call))
        template = call.world.template(waba.id, name, language)
        if template is None:
            template = call.engine.lifecycle.create(waba, name, language, category, parts)
        else:
            call.engine.lifecycle.edit(template, parts, None)
        data.append({"id": template.id, "status": template.status, "language": language, "category": category})
    return {"data": data}


async def migrate(call: Call, waba: Waba) -> Answer:
    """Copy another account's approved templates here."""
    source = call.world.wabas.get(str(call.wanted("source_waba_id")))
    if source is None or (call.token.waba_ids is not None and source.id not in call.token.waba_ids):
        raise GraphError(100, "(#100) Param source_waba_id is not an account this token may use.")
    moved: list[str] = []
    failed: list[dict[str, str]] = []
    for template in _living(call, source):
        if call.world.template(waba.id, template.name, template.language) is not None:
            failed.append({"id": template.id, "reason": "A template of this name and language exists."})
        elif template.status == "APPROVED":
            more = {"parameter_format": template.parameter_format}
            call.engine.lifecycle.create(
                waba, template.name, template.language, template.category, template.components, **more
            )
            moved.append(template.id)
    return {"migrated_templates": moved, "failed_templates": failed}


# One template.


async def _show(call: Call, template: Template) -> Answer:
    return _node(call, template)


async def _edit(call: Call, template: Template) -> Answer:
    """Replace all components, or the category of one that is not approved."""
    if template.status not in ("APPROVED", "REJECTED", "PAUSED"):
        raise checks.refusal(
            2388039, "Template cannot be edited", f"A template that is {template.status} is fixed."
        )
    category, components = call.body.get("category"), call.body.get("components")
    if category is not None and str(category).upper() != template.category:
        if template.status == "APPROVED":
            raise checks.refusal(2388039, "Category", "The category of an approved template cannot be edited.")
        if str(category).upper() not in checks.CATEGORIES:
            raise GraphError(100, "(#100) Param category is not valid.")
    ttl = call.body.get("message_send_ttl_seconds")
    if ttl is not None:
        checks.check_ttl(template.category, ttl)
        template.message_send_ttl_seconds = ttl
    if components is not None:
        _check_edits(call, template)
        named = str(call.body.get("parameter_format", template.parameter_format)).upper() == "NAMED"
        components = checks.normalise(components, template.category, template.language, named, _handle_known(call))
        template.parameter_format = "NAMED" if named else "POSITIONAL"
    if components is not None or category is not None:
        call.engine.lifecycle.edit(template, components, str(category).upper() if category is not None else None)
    return {"success": True, "id": template.id, "name": template.name, "category": template.category}


def _check_edits(call: Call, template: Template) -> None:
    """Approved content: once in 24 hours and ten times in 30 days."""
    if template.status != "APPROVED":
        return
    for span, limit in EDITS:
        if sum(1 for at in template.edits if call.now - at < span) >= limit:
            raise checks.refusal(2388025, "Edit limit", "An approved template can be edited once in 24 hours.")


async def _unpause(call: Call, template: Template) -> Answer:
    if template.status != "PAUSED":
        return {"success": False, "reason": "The template is not paused."}
    call.engine.lifecycle.unpause(template)
    return {"success": True}


async def _compare(call: Call, template: Template) -> Answer:
    ids = [template.id, *[part for part in str(call.wanted("template_ids")).split(",") if part]]
    sends = {one: call.world.templates[one].sends for one in ids if one in call.world.templates}
    ranked = sorted(sends, key=lambda one: -sends[one])
    values = [{"key": one, "value": sends[one]} for one in ids if one in sends]
    return {
        "data": [
            {"metric": "BLOCK_RATE", "type": "RELATIVE", "order_by_relative_metric": ranked},
            {"metric": "MESSAGE_SENDS", "type": "NUMBER_VALUES", "number_values": values},
            {"metric": "TOP_BLOCK_REASON", "type": "STRING_VALUES", "string_values": []},
        ]
    }


EDGES: dict[tuple[str, str | None], Callable[[Call, Template], Awaitable[Answer]]] = {
    ("GET", None): _show,
    ("POST", None): _edit,
    ("POST", "unpause"): _unpause,
    ("GET", "compare"): _compare,
}
