"""The errors of webhooks."""

from __future__ import annotations

from typing import Literal

from ..exceptions import ChatError


class WebhookError(ChatError):
    """What arrived is no webhook, or a reply to one is not as documented."""


class VerificationError(WebhookError):
    """A webhook does not prove that it comes from the service, for this app and just now.

    It holds neither the token nor anything made with it.
    """

    def __init__(
        self,
        reason: Literal["missing", "repeated", "malformed", "signature", "time", "sdkappid"],
        text: str,
    ) -> None:
        self.reason = reason
        """What is wrong: a parameter is missing, repeated or malformed; Sign; the time; or the app."""
        self._text = text
        super().__init__(reason, text)

    def __str__(self) -> str:
        return self._text
