"""`dataclass` for the records of this package: the same decorator, made at a fraction of its cost.

The standard one runs the compiler for each method and makes a signature for each class; over the two hundred
records that one command imports this was a third of its start. Here the methods that depend on the fields are
compiled together when one of them is first called (most records of an import are never made), and the others are
shared. What `dataclasses` offers on instances (`fields`, `replace`, `is_dataclass`) works as before."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import MISSING, Field, field, fields, replace
from inspect import get_annotations
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NamedTuple

__all__ = ["dataclass", "field", "fields", "replace"]

_FIELDS = "__dataclass_fields__"
_FIELD: Any = getattr(dataclasses, "_FIELD")  # noqa: B009 - what marks a field that is neither class variable nor init-only
_ORDERS = (("__lt__", "<"), ("__le__", "<="), ("__gt__", ">"), ("__ge__", ">="))


if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, *, eq=True, order=False, frozen=False, kw_only=False, slots=False, repr=True):
        """A record: what `dataclasses.dataclass` makes of the class with the same arguments."""
        options = _Options(eq, order, frozen, kw_only, slots, repr)
        return (lambda cls: _record(cls, options)) if cls is None else _record(cls, options)


class _Options(NamedTuple):
    eq: bool
    order: bool
    frozen: bool
    kw_only: bool
    slots: bool
    repr: bool


def _record(cls: type[Any], options: _Options) -> type[Any]:
    own, every = _fields(cls, options.kw_only)
    for f in own:  # a default stays readable on the class, as with the standard decorator
        if f.default is not MISSING:
            setattr(cls, f.name, f.default)
        elif f.name in cls.__dict__:
            delattr(cls, f.name)
    lazy = _lazy(cls, options)
    for name, value in (*_shared(cls, every, options), *((name, _waiting(cls, name)) for name in lazy)):
        setattr(cls, name, value)
    if options.slots:
        cls = _with_slots(cls, [f.name for f in every])
    builder = _Builder(cls, every, lazy, options.frozen)
    for name in lazy:
        cls.__dict__[name].__kwdefaults__["_builder"] = builder
    return cls


def _lazy(cls: type[Any], options: _Options) -> tuple[str, ...]:
    """The methods that depend on the fields."""
    names = ["__init__"]
    if options.eq and "__eq__" not in cls.__dict__:
        names.append("__eq__")
    if options.order:
        names += [name for name, _ in _ORDERS]
    if options.eq and options.frozen and cls.__dict__.get("__hash__") is None:
        names.append("__hash__")
    return tuple(names)


def _shared(cls: type[Any], every: list[Field[Any]], options: _Options) -> Iterator[tuple[str, Any]]:
    """The attributes that need no code of their own."""
    yield _FIELDS, {f.name: f for f in every}
    yield "__match_args__", tuple(f.name for f in every if f.init and not f.kw_only)
    yield "__dataclass_params__", options
    if options.repr and "__repr__" not in cls.__dict__:
        yield "__repr__", _repr
    if options.eq and not options.frozen and "__hash__" not in cls.__dict__:
        yield "__hash__", None
    if options.frozen:
        yield from (("__setattr__", _no_set), ("__delattr__", _no_delete))
        if options.slots and "__getstate__" not in cls.__dict__:
            yield from (("__getstate__", _state), ("__setstate__", _restore))


def _fields(cls: type[Any], kw_only: bool) -> tuple[list[Field[Any]], list[Field[Any]]]:
    """The fields that the class adds, and all in order with those of its bases."""
    found: dict[str, Field[Any]] = {}
    for base in cls.__mro__[-1:0:-1]:
        found.update(getattr(base, _FIELDS, {}))
    own = []
    for name, annotation in get_annotations(cls).items():
        if "ClassVar" in str(annotation):
            continue
        default = getattr(cls, name, MISSING)
        made: Any = default if isinstance(default, Field) else field(default=_plain(cls, name, default))
        made.name, made.type = name, annotation
        made._field_type = _FIELD
        made.kw_only = kw_only if made.kw_only is MISSING else made.kw_only
        own.append(made)
        found[name] = made
    return own, list(found.values())


def _plain(cls: type[Any], name: str, default: Any) -> Any:
    """A default that every instance may share; a slot of a base is none."""
    if type(default).__name__ == "member_descriptor":
        return MISSING
    if default is not MISSING and type(default).__hash__ is None:
        raise ValueError(f"the default of {cls.__name__}.{name} would be shared: use default_factory")
    return default


def _with_slots(cls: type[Any], names: list[str]) -> type[Any]:
    """The class again, with a slot for each of its own fields (a class cannot be given slots once it is made)."""
    space = dict(cls.__dict__)
    taken = {s for base in cls.__mro__[1:-1] for s in _slots_of(base)}
    space["__slots__"] = tuple(n for n in names if n not in taken)
    for name in (*names, "__dict__", "__weakref__"):
        space.pop(name, None)
    meta: Any = type(cls)
    made = meta(cls.__name__, cls.__bases__, space)
    made.__qualname__ = cls.__qualname__
    return made


def _slots_of(base: type[Any]) -> tuple[str, ...]:
    slots = base.__dict__.get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in getattr(type(self), _FIELDS)]


def _restore(self: Any, state: list[Any]) -> None:
    for name, value in zip(getattr(type(self), _FIELDS), state, strict=True):
        object.__setattr__(self, name, value)


@recursive_repr()
def _repr(self: Any) -> str:
    shown = (f for f in getattr(type(self), _FIELDS).values() if f.repr)
    return f"{type(self).__qualname__}({', '.join(f'{f.name}={getattr(self, f.name)!r}' for f in shown)})"


def _no_set(self: Any, name: str, value: Any) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _no_delete(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _waiting(cls: type[Any], name: str) -> Any:
    """A method that has all of its class built when it is first called, and goes on as what was built."""

    def method(*args: Any, _builder: Any = None, **keywords: Any) -> Any:
        return _builder(name)(*args, **keywords)

    method.__name__, method.__qualname__ = name, f"{cls.__qualname__}.{name}"
    return method


class _Builder:
    """Compiles the methods of one record, once."""

    __slots__ = ("cls", "every", "frozen", "lazy", "made")

    def __init__(self, cls: type[Any], every: list[Field[Any]], lazy: tuple[str, ...], frozen: bool) -> None:
        self.cls, self.every, self.lazy, self.frozen = cls, every, lazy, frozen
        self.made: dict[str, Any] = {}

    def __call__(self, name: str) -> Any:
        if not self.made:
            space: dict[str, Any] = {"_set": object.__setattr__, "MISSING": MISSING}
            exec("\n".join(self._lines(space)), space)  # the text is made of the names of fields alone
            made = {n: space[n] for n in self.lazy}
            for n, function in made.items():
                function.__qualname__ = f"{self.cls.__qualname__}.{n}"
                function.__module__ = self.cls.__module__
                if getattr(self.cls.__dict__.get(n), "__kwdefaults__", None) is not None:
                    setattr(self.cls, n, function)
            self.made = made
        return self.made[name]

    def _lines(self, space: dict[str, Any]) -> list[str]:
        lines = self._init(space)
        compared = [f.name for f in self.every if f.compare]
        hashed = [f.name for f in self.every if (f.compare if f.hash is None else f.hash)]
        mine, theirs = _tuple("self", compared), _tuple("other", compared)
        for name, sign in (("__eq__", "=="), *_ORDERS):
            if name in self.lazy:
                lines += [f"def {name}(self, other):", "    if other.__class__ is self.__class__:",
                          f"        return {mine} {sign} {theirs}", "    return NotImplemented"]
        if "__hash__" in self.lazy:
            lines += ["def __hash__(self):", f"    return hash({_tuple('self', hashed)})"]
        return lines

    def _init(self, space: dict[str, Any]) -> list[str]:
        plain, keyed, body = ["self"], [], []
        for f in self.every:
            value = f.name
            if f.default is not MISSING:
                space[f"_d_{f.name}"] = f.default
            elif f.default_factory is not MISSING:
                space[f"_f_{f.name}"] = f.default_factory
                value = f"_f_{f.name}() if {f.name} is MISSING else {f.name}" if f.init else f"_f_{f.name}()"
            elif not f.init:
                continue
            if f.init:
                default = f"=_d_{f.name}" if f.default is not MISSING else ""
                default = default or ("=MISSING" if f.default_factory is not MISSING else "")
                (keyed if f.kw_only else plain).append(f.name + default)
            elif f.default is not MISSING:
                value = f"_d_{f.name}"
            body.append(f"    _set(self, {f.name!r}, {value})" if self.frozen else f"    self.{f.name} = {value}")
        if hasattr(self.cls, "__post_init__"):
            body.append("    self.__post_init__()")
        parameters = [*plain, *(["*", *keyed] if keyed else [])]
        return [f"def __init__({', '.join(parameters)}):", *(body or ["    pass"])]


def _tuple(of: str, names: list[str]) -> str:
    return f"({''.join(f'{of}.{n},' for n in names)})"
