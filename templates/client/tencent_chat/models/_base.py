"""Base classes of the models."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticSerializationError, SchemaError, SchemaSerializer, from_json

from .._support.loading import load_for_calls, unforked
from ._reading import in_one_step
from ._reception import reception, was_resent, without_reception
from ._signatures import ConstructorSignature
from ._writing import unmark, way_of_writing

if TYPE_CHECKING:
    from ..failures import Failure


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
            with unforked():
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
                inner = field["schema"] = in_one_step(field["schema"], handler)
                if inner["type"] == "default":
                    inner = inner["schema"]
                inner.setdefault("serialization", way_of_writing(inner, handler))
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
            with unforked():
                done = super().model_rebuild(
                    _parent_namespace_depth=_parent_namespace_depth + 1, **options
                )
                # In place of pydantic's, which has the names on the wire.
                cls.__signature__ = ConstructorSignature()
                return done

        @classmethod
        def model_validate(cls, obj, **options):
            """Return the object that `obj` stands for; see pydantic."""
            with unforked():
                return super().model_validate(obj, **options)

        @classmethod
        def model_validate_json(cls, json_data, **options):
            """Return the object that the text `json_data` stands for; see pydantic."""
            with unforked():
                return super().model_validate_json(json_data, **options)

    def __repr_args__(self) -> Iterator[tuple[str | None, object]]:
        with unforked():
            from ._shown import shapes

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
            unmark(self)
            with unforked():
                return super().model_dump(**{**options, "mode": "python"})

        def model_dump_json(self, **options):
            """Return the object as JSON; see pydantic.

            Half a surrogate pair, which pydantic refuses to write, is written as `\\ud800`; all
            other characters beyond ASCII then are, too.
            """
            unmark(self)
            try:
                with unforked():
                    return super().model_dump_json(**options)
            except PydanticSerializationError:
                indent = options.pop("indent", None)
                options.pop("ensure_ascii", None)
            separators = (",", ":") if indent is None else (",", ": ")
            return json.dumps(self.model_dump(**options), indent=indent, separators=separators)


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
                with unforked():
                    from .._bodies.rules import with_numbers

                fields = with_numbers(type(self), fields)
            with unforked():
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
                with unforked():
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
                with unforked():
                    from .._bodies.lenient import parsed

                obj = parsed(json_data, cls)
                if not isinstance(obj, dict):
                    raise
            return cls.model_validate(obj, **options)

    if not TYPE_CHECKING:

        def __eq__(self, other):
            if isinstance(other, ResponseModel):
                return super(ResponseModel, without_reception(self)).__eq__(
                    without_reception(other)
                )
            return NotImplemented

    @property
    def raw(self) -> Mapping[str, object]:
        """The answer's JSON as received; empty for an object that is not a whole answer."""
        raw = reception(self, "raw", {})
        if isinstance(raw, bytes):
            with unforked():
                raw = from_json(raw)
            (self.__pydantic_private__ or {})["raw"] = raw
        return cast(Mapping[str, object], raw)

    @property
    def http_status(self) -> int | None:
        """HTTP status of the answer; None for an object that is not a whole answer."""
        return cast("int | None", reception(self, "http_status", None))

    @property
    def http_headers(self) -> Mapping[str, str]:
        """HTTP headers of the answer, names in lower case; empty for an object that is not a whole answer."""
        return cast(Mapping[str, str], reception(self, "http_headers", {}))

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
