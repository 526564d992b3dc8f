"""What Meta's node of a number says (whatsapp-cloud-api 9.1), in our words. Decisions without I/O."""

from typing import Any, cast

from clientela.whatsapp.number_changes import NumberChanges

NODE_FIELDS = (
    "display_phone_number,verified_name,quality_rating,status,name_status,account_mode,platform_type,throughput,"
    "whatsapp_business_manager_messaging_limit,is_on_biz_app,username,health_status"
)
# What every version has had; asked for alone when Meta does not know one of the others.
CORE_FIELDS = "display_phone_number,verified_name,quality_rating,status"


_THOUSANDS = {1_000: "tier_1k", 2_000: "tier_2k", 10_000: "tier_10k", 100_000: "tier_100k"}
_WORDS = {
    "display_phone_number": "display_phone_number",
    "verified_name": "verified_name",
    "quality_rating": "quality_rating",
    "status": "meta_status",
    "name_status": "name_status",
    "account_mode": "account_mode",
}


def tier_of(value: object) -> str | None:
    """A messaging limit, which Meta writes as `TIER_2K`, as 2000, or as -1 for none (2.9); None if unreadable."""
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip().lower()
    if text.startswith("tier_"):
        return text
    if not text.lstrip("-").isdigit():
        return None
    return "tier_unlimited" if int(text) < 0 else _THOUSANDS.get(int(text), f"tier_{int(text)}")


def what_the_node_says(node: dict[str, Any]) -> NumberChanges:
    """The changes that a phone node asks for. What it leaves out stays as it is."""
    said: dict[str, Any] = {ours: _text(node.get(meta)) for meta, ours in _WORDS.items()}
    said["messaging_limit_tier"] = tier_of(node.get("whatsapp_business_manager_messaging_limit"))
    said["throughput_level"] = _text(_inside(node, "throughput", "level"))
    said["can_send"] = _text(_inside(node, "health_status", "can_send_message"))
    shared = node.get("is_on_biz_app")
    said["coexistence"] = shared if isinstance(shared, bool) else None
    changes = {name: value for name, value in said.items() if value is not None}
    if "username" in node:
        changes["username"] = _text(node["username"])
    return cast("NumberChanges", changes)


def _inside(node: dict[str, Any], outer: str, inner: str) -> object:
    found = node.get(outer)
    return found.get(inner) if isinstance(found, dict) else None


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
