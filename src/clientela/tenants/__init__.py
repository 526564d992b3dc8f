"""Accounts, their members, and what each role may do.

An account is the tenant. Not here: who a person is and how they log in (identity).
"""

from clientela.tenants.accounts import create_account
from clientela.tenants.members import Actor, add_member, change_member, check_may_add, remove_member
from clientela.tenants.permissions import MATRIX, Permission, Role, in_order, permissions_of
from clientela.tenants.problems import EmailTaken, LastOwner
from clientela.tenants.queries import find_member, get_time_zone, list_members, today, update_member_name
from clientela.tenants.rules import clean_name
from clientela.tenants.schemas import Member, MemberChange

__all__ = [
    "MATRIX",
    "Actor",
    "EmailTaken",
    "LastOwner",
    "Member",
    "MemberChange",
    "Permission",
    "Role",
    "add_member",
    "change_member",
    "check_may_add",
    "clean_name",
    "create_account",
    "find_member",
    "get_time_zone",
    "in_order",
    "list_members",
    "permissions_of",
    "remove_member",
    "today",
    "update_member_name",
]
