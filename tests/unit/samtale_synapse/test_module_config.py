import pytest
from synapse.module_api.errors import ConfigError

from samtale_synapse import SamtaleModule
from samtale_synapse.config import ModuleConfig


def test_it_is_one_frozen_value() -> None:
    assert SamtaleModule.parse_config({"server_user": "@samtale:localhost"}) == ModuleConfig(
        server_user="@samtale:localhost", private_chat_members=10
    )


@pytest.mark.parametrize(
    ("raw", "key", "says"),
    [
        ({}, "server_user", "must be a Matrix id such as '@samtale:example.dk', got None"),
        ({"server_user": "samtale"}, "server_user", "got 'samtale'"),
        ({"server_user": 7}, "server_user", "got 7"),
        ({"server_user": "@s:x", "private_chat_members": 1}, "private_chat_members", "from 2 to 100, got 1"),
        ({"server_user": "@s:x", "private_chat_members": "10"}, "private_chat_members", "got '10'"),
        ({"server_user": "@s:x", "private_chat_members": True}, "private_chat_members", "got True"),
        ({"server_user": "@s:x", "privat_chat_members": 5}, "privat_chat_members", "is not known"),
    ],
)
def test_an_error_names_the_key(raw: dict[str, object], key: str, says: str) -> None:
    with pytest.raises(ConfigError) as error:
        SamtaleModule.parse_config(raw)
    assert f"samtale_synapse: {key} " in error.value.msg
    assert says in error.value.msg
    assert list(error.value.path or [])[-1] == key
