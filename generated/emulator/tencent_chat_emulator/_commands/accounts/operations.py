"""What administrators do for the app as a whole: mute accounts everywhere, look up addresses."""

from __future__ import annotations

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.settings import Kind, Mute

_TIMES: dict[Kind, str] = {"C2C": "C2CmsgNospeakingTime", "Group": "GroupmsgNospeakingTime"}


@behaviour(
    "openconfigsvr/setnospeaking",
    guesses=("An unknown account gets 130005.",),
)
def setnospeaking(call: Context) -> Answer:
    user_id = call.body["Set_Account"]
    if user_id not in call.memory.accounts:
        raise Refused(130005, f"The account {user_id} does not exist.")
    if not any(field in call.body for field in _TIMES.values()):
        raise Refused(130008)
    mute = call.memory.settings.mutes.setdefault(user_id, Mute())
    for kind, field in _TIMES.items():
        if field in call.body:
            mute.start(kind, call.body[field], call.now)
    return {}


@behaviour(
    "openconfigsvr/getnospeaking",
    reads=True,
    guesses=(
        "An unknown account gets 130003.",
        "Times are what is left of the mute, in seconds.",
    ),
)
def getnospeaking(call: Context) -> Answer:
    user_id = call.body["Get_Account"]
    if user_id not in call.memory.accounts:
        raise Refused(130003, f"The account {user_id} does not exist.")
    mute = call.memory.settings.mutes.get(user_id, Mute())
    return {
        "C2CmsgNospeakingTime": mute.left("C2C", call.now),
        "GroupmsgNospeakingTime": mute.left("Group", call.now),
    }


@behaviour(
    "ConfigSvc/GetIPList",
    reads=True,
    guesses=("The only address is that from which the emulator calls back.",),
)
def get_ip_list(_call: Context) -> Answer:
    return {"IPList": ["127.0.0.1"]}
