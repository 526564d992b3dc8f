"""Who is asking: users, sessions, passwords, API keys, and the principal that every handler is given.

Not here: what a role allows and who belongs to an account (tenants). The web side is `identity.http`.
"""

from clientela.identity.principal import Principal
from clientela.identity.provision import Provisioned, provision_account
from clientela.identity.schemas import NewMember
from clientela.identity.users import dismiss, invite

__all__ = ["NewMember", "Principal", "Provisioned", "dismiss", "invite", "provision_account"]
