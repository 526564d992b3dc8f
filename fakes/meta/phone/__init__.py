"""A page to act as the customers, like their phone, with Meta's side beside it: `GET /` of the simulator.

`views` says what a phone shows, `routes` serves it; the page itself is in `page`, plain and unbuilt. What is
done on it goes through the control API, so that a person and a test press the same buttons.
"""

from fakes.meta.phone.routes import router

__all__ = ["router"]
