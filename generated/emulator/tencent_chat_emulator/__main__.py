"""`tencent-chat-emulator`: the emulator in the foreground."""
