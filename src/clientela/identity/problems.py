"""What identity refuses."""

from clientela.platform.problems import Problem


class InvalidCredentials(Problem):
    """E-mail or password is wrong. Which of the two is never said."""

    code = "invalid_credentials"
    status = 401
    title = "E-mail or password is wrong"


class TooManyAttempts(Problem):
    """Logging in was tried too often; `retry_after_s` says when it may be tried again."""

    code = "too_many_attempts"
    status = 429
    title = "Too many attempts; try again later"


class CsrfFailed(Problem):
    """An unsafe request with a login cookie came without its token, or from another site."""

    code = "csrf_failed"
    status = 403
    title = "The request could not be shown to come from our own pages"
