"""The bundled PostgreSQL suits Synapse and Danish."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_danish_letters_fold_and_are_searched() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lower('ÆØÅ KØRER'), to_tsvector('danish', 'KØRER') @@ to_tsquery('danish', 'kører')"
        )
        assert cursor.fetchone() == ("æøå kører", True)


@pytest.mark.django_db
def test_text_search_without_a_named_language_is_danish() -> None:
    """As Synapse asks when it marks what a search found."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ts_headline('Den KØRER', websearch_to_tsquery('danish', 'kører'))")
        assert cursor.fetchone() == ("Den <b>KØRER</b>",)
