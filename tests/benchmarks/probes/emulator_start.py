"""An emulator that is started, answers once and is stopped."""

from tencent_chat import ChatClient
from tencent_chat_emulator import Emulator

with Emulator() as emulator, ChatClient(emulator.sdkappid, emulator.secret_key, base_url=emulator.url) as client:
    client.accounts.import_account(user_id="bob")
