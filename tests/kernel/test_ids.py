"""Public identifiers are unguessable, and every letter is as likely as any other."""

from collections import Counter

import pytest

from portal.kernel import ids
from portal.kernel.models import User


def test_an_id_has_twenty_letters_of_the_alphabet_and_never_comes_twice() -> None:
    made = [ids.new_id() for _ in range(2_000)]

    assert {len(one) for one in made} == {20}
    assert set("".join(made)) == set(ids.ALPHABET)
    assert len(set(made)) == 2_000


@pytest.mark.django_db
def test_an_id_that_no_database_takes_names_nobody() -> None:
    assert not User.objects.filter(public_id="abc\0def").exists()


def test_no_letter_is_favored() -> None:
    counts = Counter(bytes(range(256)).translate(ids._LETTERS, ids._UNFAIR).decode())

    assert set(counts) == set(ids.ALPHABET)
    assert set(counts.values()) == {8}
