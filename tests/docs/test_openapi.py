"""The description of the API that lies in the repository is that of the code, and names every fact."""

import json

import pytest

from clientela.platform.outbox import Fact
from clientela.roles.openapi import FACTS
from scripts.openapi import TARGET, document


def test_the_committed_description_is_up_to_date() -> None:
    assert TARGET.read_text() == document(), "run `make openapi`"


def test_every_fact_of_the_product_is_described() -> None:
    ours = {fact for fact in Fact.__subclasses__() if fact.__module__.startswith("clientela.")}
    assert set(FACTS) == ours
    schemas = json.loads(document())["components"]["schemas"]
    assert len(schemas["LiveFact"]["oneOf"]) == len(FACTS)


@pytest.mark.parametrize("name", ["ConversationPage", "MessagePage", "ContactPage", "MemberPage", "ApiKeyPage"])
def test_pages_have_names_that_people_can_read(name: str) -> None:
    assert name in json.loads(document())["components"]["schemas"]
