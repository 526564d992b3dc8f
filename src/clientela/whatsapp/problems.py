"""What connecting a number refuses. Meta's own errors are in `error_catalogue`."""

from clientela.platform.problems import Problem


class NumberAlreadyConnected(Problem):
    """A number belongs to one account at a time."""

    code = "number_already_connected"
    status = 409
    title = "This number is connected already"
