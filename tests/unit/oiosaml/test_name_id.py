"""KOMBIT's subject is read one way or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samtale.oiosaml import name_id
from samtale.oiosaml.name_id import Subject
from samtale.oiosaml.refusal import Refused

SEEN = {
    "C = DK, O = 19435075, CN = user1 oces3kombitidp, Serial = 555ed208-2ed1-4739-8d79-119908219311": Subject(
        "19435075", "user1 oces3kombitidp", "555ed208-2ed1-4739-8d79-119908219311"
    ),
    "C=DK,O=20688092,CN=Hans Jensen,Serial=123abc456": Subject("20688092", "Hans Jensen", "123abc456"),
    "C=DK, O=30808460, CN=TEST MOCES1, Serial=CVR:30808460-RID:53051752": Subject(
        "30808460", "TEST MOCES1", "CVR:30808460-RID:53051752"
    ),
    "C=DK,O=14814833,CN=TBK-OS2IoT-test,Serial=os2iot": Subject("14814833", "TBK-OS2IoT-test", "os2iot"),
    "C=DK,O=14814833,CN=Søren Ærø Åkjær, afdelingschef,Serial=a1": Subject(
        "14814833", "Søren Ærø Åkjær, afdelingschef", "a1"
    ),
    "C=DK,O=14814833,CN=a=b,Serial=a1": Subject("14814833", "a=b", "a1"),
    "C=DK,O=14814833,CN=,Serial=a1": Subject("14814833", "", "a1"),
}

REFUSED = [
    "",
    "https://data.gov.dk/model/core/eid/professional/uuid/555ed208-2ed1-4739-8d79-119908219311",
    "C=DK,O=14814833,CN=Bob,Serial=victim,Serial=a1",
    "C=DK,O=14814833,CN=Bob Serial=victim,Serial=a1",
    "C=DK,O=14814833,CN=Bob,serial = victim,Serial=a1",
    "C=DK,O=14814833,CN=Bob,O=55133018,Serial=a1",
    "C=DK,O=14814833,CN=Bob,CN=Anna,Serial=a1",
    "C=DK,O=14814833,CN=Bob,C=DK,Serial=a1",
    "C=DK,O=14814833,CN=Bob,\u017ferial=victim,Serial=a1,x",
    "C=DK,O=14814833,CN=Bob\nC=DK,Serial=a1",
    "C=DK,O=14814833,CN=Bob,Serial=",
    "C=DK,O=14814833,CN=Bob,Serial=   ",
    "C=DK,O=14814833,CN=Bob,Serial=a1,b2",
    "C=DK,O=14814833,CN=Bob,Serial=a=1",
    "C=DK,O=1481483,CN=Bob,Serial=a1",
    "C=DK,O=148148333,CN=Bob,Serial=a1",
    "C=DK,O=\u0661\u0664\u0668\u0661\u0664\u0668\u0663\u0663,CN=Bob,Serial=a1",
    "C=SE,O=14814833,CN=Bob,Serial=a1",
    "O=14814833,CN=Bob,Serial=a1",
    "O=14814833,C=DK,CN=Bob,Serial=a1",
    "C=DK,CN=Bob,Serial=a1",
    "C=DK,O=14814833,Serial=a1",
    "C=DK,O=14814833,CN=Bob",
    "C=DK,O=14814833,CN=" + "x" * 500 + ",Serial=a1",
]


@pytest.mark.parametrize("value", SEEN)
def test_every_form_that_was_seen_is_read(value: str) -> None:
    assert name_id.parse(value) == SEEN[value]


def test_the_longest_that_is_read() -> None:
    longest = f"C=DK,O=14814833,CN={'x' * 483},Serial=a1"
    assert len(longest) == name_id.LONGEST
    assert name_id.parse(longest).serial == "a1"
    with pytest.raises(Refused, match="longer than 512 characters"):
        name_id.parse(longest + "1")


@pytest.mark.parametrize("value", REFUSED)
def test_what_can_be_read_in_two_ways_is_refused(value: str) -> None:
    with pytest.raises(Refused) as refused:
        name_id.parse(value)
    assert refused.value.step == "NameID"


@pytest.mark.parametrize("value", REFUSED)
def test_a_refusal_says_nothing_of_the_person(value: str) -> None:
    with pytest.raises(Refused) as refused:
        name_id.parse(value)
    assert "Bob" not in str(refused.value)
    assert "victim" not in str(refused.value)


@given(name=st.text(max_size=120), serial=st.from_regex(r"[a-z0-9:-]{1,40}", fullmatch=True))
def test_whatever_somebody_calls_themselves_the_key_is_theirs(name: str, serial: str) -> None:
    try:
        found = name_id.parse(f"C = DK, O = 19435075, CN = {name}, Serial = {serial}")
    except Refused:
        return
    assert (found.cvr, found.serial) == ("19435075", serial)
