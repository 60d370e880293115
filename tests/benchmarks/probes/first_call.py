"""A first call, which is refused at once: nothing listens there."""

from contextlib import suppress

from tencent_chat import ChatClient, TransportError

client = ChatClient(1400000000, "dummy", base_url="http://127.0.0.1:9", retry=False)
with suppress(TransportError):
    client.groups.list_all()
