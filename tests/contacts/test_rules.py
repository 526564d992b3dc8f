"""Phone numbers in their several spellings (whatsapp-cloud-api 8): one line is one contact, nobody is guessed."""

import pytest

from clientela.contacts.rules import canonical_phone


@pytest.mark.parametrize(
    ("wa_id", "phone"),
    [
        ("551188887777", "+5511988887777"),  # Brazil: an account older than the ninth digit
        ("5511988887777", "+5511988887777"),
        ("553160001111", "+5531960001111"),
        ("5215512345678", "+525512345678"),  # Mexico: the mobile's 1
        ("525512345678", "+525512345678"),
        ("16505551234", "+16505551234"),
    ],
)
def test_the_spellings_of_one_line_meet(wa_id: str, phone: str) -> None:
    assert canonical_phone(wa_id) == phone


@pytest.mark.parametrize(
    "wa_id",
    [
        "551140028922",  # Brazil: a landline has no ninth digit
        "541145678901",  # Argentina: 54 without the 9 may be somebody else's landline
        "5491145678901",
        "52155123456",  # Mexico: too short for the old mobile form
    ],
)
def test_what_a_landline_could_answer_is_never_rewritten(wa_id: str) -> None:
    assert canonical_phone(wa_id) == f"+{wa_id}"
