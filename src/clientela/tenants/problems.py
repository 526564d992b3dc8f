"""What tenants refuses."""

from clientela.platform.problems import Problem


class EmailTaken(Problem):
    """The person is a member of this account already. Other accounts play no part in it."""

    code = "email_taken"
    status = 409
    title = "Somebody with this e-mail is a member already"


class LastOwner(Problem):
    """An account without an owner could be changed by nobody."""

    code = "last_owner"
    status = 409
    title = "An account needs at least one owner"
