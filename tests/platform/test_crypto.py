"""Sealed values open only with the same secret and in the same place."""

import pytest
from cryptography.exceptions import InvalidTag

from clientela.platform.crypto import Vault, token_hash


def test_what_is_sealed_opens_again_and_looks_different_each_time() -> None:
    vault = Vault("a secret")
    first, second = vault.seal("token", "row/1"), vault.seal("token", "row/1")
    assert first != second
    assert b"token" not in first
    assert vault.open(first, "row/1") == vault.open(second, "row/1") == "token"


def test_another_secret_another_place_or_a_changed_byte_opens_nothing() -> None:
    sealed = Vault("a secret").seal("token", "row/1")
    spoilt = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for vault, body, place in (
        (Vault("another"), sealed, "row/1"),
        (Vault("a secret"), sealed, "row/2"),
        (Vault("a secret"), spoilt, "row/1"),
    ):
        with pytest.raises(InvalidTag):
            vault.open(body, place)


def test_purposes_have_keys_of_their_own() -> None:
    vault = Vault("a secret")
    assert vault.derive("one") != vault.derive("two")
    assert vault.password_for("app") == Vault("a secret").password_for("app") != vault.password_for("system")
    assert token_hash("x") != token_hash("y")
