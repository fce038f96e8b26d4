"""Attributes and methods of classes that a library reads once, when it takes the class or what is made of it.

One name of each row was seen to be read once, with werkzeug 3.1.9, flask 3.1.3, starlette 1.10.0, django 5.2.19, REST
framework 3.18.3, SQLAlchemy 2.1.9, textual 8.2.8, falcon 4.4.0 and CPython 3.11.
"""

TEMPLATE_NAMES = ("delimiter", "idpattern", "braceidpattern", "pattern", "flags")
LOOKUP_NAMES = ("lookup_field", "lookup_url_kwarg", "lookup_value_regex")

# Names of attributes, by the class below which they are read.
OPTIONS_READ = {
    ("werkzeug.routing.converters", "BaseConverter"): ("regex", "weight", "part_isolating"),
    ("starlette.convertors", "Convertor"): ("regex",),
    ("flask.views", "View"): ("methods", "provide_automatic_options"),
    ("rest_framework.viewsets", "ViewSetMixin"): LOOKUP_NAMES,
    ("django.db.models.lookups", "Lookup"): ("lookup_name",),
    ("textual.dom", "DOMNode"): ("BINDINGS",),
    ("string", "Template"): TEMPLATE_NAMES,
}

# The same of methods: that there is one is read.
METHODS_READ = {
    ("rest_framework.viewsets", "ViewSetMixin"): (
        *("list", "create", "retrieve", "update", "partial_update", "destroy"),
    ),
    ("sqlalchemy.sql.type_api", "TypeDecorator"): (
        *("process_bind_param", "process_result_value", "process_literal_param"),
    ),
}

# Of classes without a base of the library: a method that comes, and one that such a class has beside it.
METHODS_BESIDE = {
    "process_view": ("django.core.handlers.base", "__call__"),
    "process_exception": ("django.core.handlers.base", "__call__"),
    "process_template_response": ("django.core.handlers.base", "__call__"),
    "process_request": ("falcon.app", "process_response"),
    "process_response": ("falcon.app", "process_request"),
    "process_resource": ("falcon.app", "process_request"),
}


def library_reader(cls: type, name: str, table: dict) -> str:
    """The library's class that has read it; "" if none has."""
    for base in bases_of(cls):
        if name in table.get((module_of_class(base), short_name(base)), ()):
            return str(module_of_class(base)) + "." + short_name(base)
    return ""


def option_of_library(space: Space, unit: dict, owner: object) -> str:
    """What has read the attribute that changes; "" if nothing has."""
    name = unit["bind"]
    if not is_class(owner):
        is_taken = name == "app_name" and "urlpatterns" in space.names and "django.urls.conf" in sys.modules
        return "django.urls.include" if is_taken else ""
    if name == "regex" and "django.urls.converters" in sys.modules and "to_url" in class_dict(owner):
        return "django.urls.register_converter"
    return library_reader(owner, name, OPTIONS_READ)


def tell_hook(step: Patch, owner: object, unit: dict, name: str) -> None:
    """A new method that a library would have found when it took the class."""
    if not is_class(owner) or unit["is_class"]:
        return
    reader = library_reader(owner, name, METHODS_READ)
    module, beside = METHODS_BESIDE.get(name, ("", ""))
    if not reader and module in sys.modules and holder_of(owner, beside) is not None:
        reader = module
    if reader:
        message = reader + " has looked for it when it took the class; it does not look again"
        note(step, unit, "read-at-import", message, 1)
