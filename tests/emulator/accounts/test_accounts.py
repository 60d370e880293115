"""Accounts: import, check, delete."""

from __future__ import annotations

from tencent_chat import ChatClient


def test_an_imported_account_is_there(client: ChatClient) -> None:
    client.accounts.import_account(user_id="bob")
    answer = client.accounts.check(check_item=[{"UserID": "bob"}, {"UserID": "eve"}])
    assert [(item.user_id, item.account_status) for item in answer.result_item or ()] == [
        ("bob", "Imported"),
        ("eve", "NotImported"),
    ]
