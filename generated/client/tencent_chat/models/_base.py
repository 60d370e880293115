"""Base classes of the models."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    FieldSerializationInfo,
    GetCoreSchemaHandler,
    ValidationError,
)
from pydantic_core import (
    CoreSchema,
    PydanticSerializationError,
    SchemaError,
    SchemaSerializer,
    core_schema,
    from_json,
)

from .._support.loading import load_for_calls, loading
from ._constraints import yes_or_no
from ._shown import shapes
from ._signatures import ConstructorSignature

if TYPE_CHECKING:
    from ..failures import Failure

_R = TypeVar("_R", bound="ResponseModel")


class Model(BaseModel):
    """An object of the API: snake_case attributes, the wire's names as aliases.

    Values are never converted, unknown fields are kept.
    `model_dump(mode="json", by_alias=True, exclude_unset=True)` gives the wire's object back. What
    people wrote is not in its `repr`: `GroupInfo(group_id='@TGS#1', type='Public', name=<9 characters>)`.

    Where a field is an instant, a span of time or a yes or no, the constructor takes aware datetimes,
    timedeltas and booleans, and any iterable for a list. Raises RequestError for arguments that do
    not fit, as the client does for mappings.
    """

    model_config = ConfigDict(
        extra="allow",
        strict=True,
        validate_by_name=True,
        validate_by_alias=True,
        protected_namespaces=(),
        # Bodies hold messages, which belong into no log.
        hide_input_in_errors=True,
        defer_build=True,
    )

    if not TYPE_CHECKING:
        # Whether objects may have members of unions that the spec lacks.
        __unknown_members__ = False
        __signature__ = ConstructorSignature()

        def __init__(self, /, *arguments, **fields):
            if arguments:
                raise TypeError(f"{type(self).__name__} takes its fields by name")
            load_for_calls()
            from .._bodies.construction import constructed

            constructed(self, fields, unknown_members=self.__unknown_members__)

        # Validation makes objects without it.
        __init__.__pydantic_base_init__ = True

        @classmethod
        def __get_pydantic_core_schema__(cls, source, handler):
            # Answers hold values that do not fit their fields. Written by what they are instead of what
            # they should be, they cause no warning, which would show them, wherever the object is a part.
            schema = handler.resolve_ref_schema(handler(source))
            fields = schema
            while fields["type"] != "model-fields":
                fields = fields["schema"]
            for field in fields["fields"].values():
                inner = field["schema"]
                if inner["type"] == "default":
                    inner = inner["schema"]
                inner.setdefault("serialization", _FLAG if _is_flag(inner, handler) else _ANY)
            # Pydantic never completes a class that is only a part of others, and then some versions cannot write
            # it by itself. All that this takes is here, but for what an app's own class has of serializers.
            if not isinstance(cls.__pydantic_serializer__, SchemaSerializer):
                with suppress(SchemaError):
                    cls.__pydantic_serializer__ = SchemaSerializer(schema)
            return schema

        @classmethod
        def model_rebuild(cls, *, _parent_namespace_depth=2, **options):
            """Complete the class; see pydantic."""
            # Pydantic does it under a lock, which a child could find taken that is forked meanwhile.
            with loading():
                done = super().model_rebuild(
                    _parent_namespace_depth=_parent_namespace_depth + 1, **options
                )
                # In place of pydantic's, which has the names on the wire.
                cls.__signature__ = ConstructorSignature()
                return done

    def __repr_args__(self) -> Iterator[tuple[str | None, object]]:
        # Texts may be messages, which belong into no log.
        given = (
            (name, value)
            for name, value in super().__repr_args__()
            if name in self.model_fields_set or name not in type(self).model_fields
        )
        yield from shapes(type(self), given)

    if not TYPE_CHECKING:

        def model_dump(self, **options):
            """Return the object as a dict; see pydantic.

            All that a model holds is JSON, so the mode `json` gives what `python` gives; by
            itself it would make null of a number that JSON lacks.
            """
            _unmark(self)
            return super().model_dump(**{**options, "mode": "python"})

        def model_dump_json(self, **options):
            """Return the object as JSON; see pydantic.

            Half a surrogate pair, which pydantic refuses to write, is written as `\\ud800`; all
            other characters beyond ASCII then are, too.
            """
            _unmark(self)
            try:
                return super().model_dump_json(**options)
            except PydanticSerializationError:
                indent = options.pop("indent", None)
                options.pop("ensure_ascii", None)
            separators = (",", ":") if indent is None else (",", ": ")
            return json.dumps(self.model_dump(**options), indent=indent, separators=separators)


_ANY = core_schema.simple_ser_schema("any")


def _written_flag(model: BaseModel, value: object, info: FieldSerializationInfo) -> object:
    """Return the number as which a flag travels; a boolean that was received stays one."""
    if isinstance(value, bool) and info.field_name not in received_booleans(model):
        return int(value)
    return value


_FLAG = core_schema.plain_serializer_function_ser_schema(
    _written_flag, is_field_serializer=True, info_arg=True
)


def received_booleans(model: BaseModel) -> Container[str]:
    """Return the flags of an object that were no numbers when it was received, by attribute."""
    return cast(Container[str], (model.__pydantic_private__ or {}).get("booleans", ()))


def _is_flag(schema: CoreSchema, handler: GetCoreSchemaHandler) -> bool:
    inner = cast(dict[str, Any], schema)
    while "schema" in inner or inner["type"] == "definition-ref":
        try:
            inner = inner.get("schema") or cast(dict[str, Any], handler.resolve_ref_schema(inner))
        except LookupError:
            # A model inside of itself.
            return False
    return inner["type"] == "function-plain" and inner["function"]["function"] is yes_or_no


def _unmark(value: object) -> None:
    """Mark as unset what was not set: pydantic takes the unknown field `type` for a set attribute `type` too."""
    if isinstance(value, list):
        for item in cast(list[object], value):
            _unmark(item)
    elif isinstance(value, dict):
        for item in cast(dict[str, object], value).values():
            _unmark(item)
    elif isinstance(value, BaseModel):
        for name in (value.model_extra or {}).keys() & type(value).model_fields.keys():
            if value.__dict__[name] is None:
                value.model_fields_set.discard(name)
        for item in value.__dict__.values():
            _unmark(item)


class RequestModel(Model):
    """A request body, or an object that only requests hold: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class ResponseModel(Model):
    """An answer, or an object that only answers hold: nothing that arrives is refused.

    A value that does not fit its type stays on its attribute as received, and an attribute
    without a value is None; each deviation is logged once, as field and type.
    """

    if not TYPE_CHECKING:

        def __init__(self, /, **fields):
            if any(isinstance(value, bool) for value in fields.values()):
                from .._bodies.rules import with_numbers

                fields = with_numbers(type(self), fields)
            BaseModel.__init__(self, **fields)

        __init__.__pydantic_base_init__ = True

        @classmethod
        def model_validate(cls, obj, **options):
            """Return the object that `obj`, a dict with the wire's names, stands for.

            Raises pydantic's ValidationError only when `obj` is no dict at all.
            """
            if "by_alias" not in options and "by_name" not in options:
                options |= {"by_alias": True, "by_name": False}
            try:
                return super().model_validate(obj, **options)
            except ValidationError as error:
                if not isinstance(obj, dict):
                    raise
                from .._bodies.lenient import build, log_deviations
                from .._bodies.problems import defects

                log_deviations(cls, defects(error, obj, cls))
                return build(cls, obj)

        @classmethod
        def model_validate_json(cls, json_data, **options):
            """Return the object that the text `json_data` stands for, however it is written; see `model_validate`.

            Raises pydantic's ValidationError only when it is no JSON object.
            """
            if "by_alias" not in options and "by_name" not in options:
                options |= {"by_alias": True, "by_name": False}
            try:
                return super().model_validate_json(json_data, **options)
            except ValidationError:
                from .._bodies.lenient import parsed

                obj = parsed(json_data, cls)
                if not isinstance(obj, dict):
                    raise
            return cls.model_validate(obj, **options)

    if not TYPE_CHECKING:

        def __eq__(self, other):
            if isinstance(other, ResponseModel):
                return super(ResponseModel, _bare(self)).__eq__(_bare(other))
            return NotImplemented

    @property
    def raw(self) -> Mapping[str, object]:
        """The answer's JSON as received; empty for an object that is not a whole answer."""
        raw = self._reception("raw", {})
        if isinstance(raw, bytes):
            raw = from_json(raw)
            (self.__pydantic_private__ or {})["raw"] = raw
        return cast(Mapping[str, object], raw)

    @property
    def http_status(self) -> int | None:
        """HTTP status of the answer; None for an object that is not a whole answer."""
        return cast("int | None", self._reception("http_status", None))

    @property
    def http_headers(self) -> Mapping[str, str]:
        """HTTP headers of the answer, names in lower case; empty for an object that is not a whole answer."""
        return cast(Mapping[str, str], self._reception("http_headers", {}))

    @property
    def done_before(self) -> bool:
        """Whether the call was sent again and this answer says that an attempt before had been carried out.

        The answer is an error then, as received: it has an ErrorCode and lacks all else.
        """
        return was_resent(self) and getattr(self, "error_code", 0) not in (0, None)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The items that failed although the command succeeded; empty for an object that is not a whole answer.

        Items that an attempt before had been carried out for are none of them.
        """
        from ..failures import command_of, failures

        command = command_of(type(self))
        if command is None or not command.failures:
            return ()
        answer = self.raw or self.model_dump(by_alias=True, exclude_unset=True)
        return failures(command, answer, resent=was_resent(self))

    def raise_for_failures(self) -> None:
        """Raise PartialFailureError when items failed."""
        if failures := self.failures:
            from ..exceptions import PartialFailureError
            from ..failures import command_of

            command = command_of(type(self))
            raise PartialFailureError(failures, command=command.path if command else None)

    # Kept where pydantic keeps private attributes, so that copies and pickles have it; declaring
    # them would cost a call of Python for every object in every list of every answer.
    def _reception(self, name: str, default: object) -> object:
        private = self.__pydantic_private__
        return private.get(name, default) if private else default


def with_reception(
    response: _R,
    raw: Mapping[str, object] | bytes,
    http_status: int,
    http_headers: Mapping[str, str],
) -> _R:
    """Return `response` with what the transport received; `raw` as JSON, or as the text of it."""
    received = {"raw": raw, "http_status": http_status, "http_headers": http_headers}
    private = {**(response.__pydantic_private__ or {}), **received}
    object.__setattr__(response, "__pydantic_private__", private)
    return response


def _bare(response: _R) -> _R:
    """Return `response` without what came with it, which one that is made by hand in a test has nothing of."""
    private = response.__pydantic_private__ or {}
    own = {
        name: value
        for name, value in private.items()
        if name in type(response).__private_attributes__
    }
    if len(own) == len(private):
        return response
    bare = response.__copy__()
    object.__setattr__(bare, "__pydantic_private__", own or None)
    return bare


def mark_as_resent(response: ResponseModel) -> None:
    """Note that an attempt before may have been carried out."""
    if response.__pydantic_private__ is not None:
        response.__pydantic_private__["resent"] = True


def was_resent(response: ResponseModel) -> bool:
    """Whether an attempt before may have been carried out."""
    return (response.__pydantic_private__ or {}).get("resent") is True
