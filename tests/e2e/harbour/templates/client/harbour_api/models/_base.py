"""What the models build on."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    model_config = ConfigDict(extra="allow", validate_by_name=True, validate_by_alias=True)


class RequestModel(Model):
    pass


class ResponseModel(Model):
    pass
