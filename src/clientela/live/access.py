"""Which facts a caller may see. A fact of an unknown family is shown to nobody."""

from clientela.identity import Principal
from clientela.tenants import Permission

_NEEDS = {
    "message": Permission.CONVERSATIONS_READ,
    "conversation": Permission.CONVERSATIONS_READ,
    "contact": Permission.CONTACTS_READ,
    "template": Permission.TEMPLATES_READ,
    "number": Permission.NUMBERS_READ,
    "notice": Permission.NUMBERS_READ,
}


def may_listen(principal: Principal) -> bool:
    """Whether there is anything at all for this caller."""
    return principal.may(Permission.CONVERSATIONS_READ)


def may_see(principal: Principal, fact_type: str) -> bool:
    """Whether the caller may see facts of this type (`message.received`: the family stands before the dot)."""
    needed = _NEEDS.get(fact_type.partition(".")[0])
    return needed is not None and principal.may(needed)
