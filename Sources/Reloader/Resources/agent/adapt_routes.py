"""Tables of routes that an application copies when it is built: aiohttp's, and those of earlier releases of FastAPI."""


def tell_table(step: Patch, space: Space, unit: dict, decorators: tuple) -> None:
    """Names a table of routes that a decorator of this definition has added to: an application has copied it before."""
    for decorator in decorators:
        cells = decorator.__closure__ if type(decorator) is FunctionType else None
        for table in [cell.cell_contents for cell in cells or () if is_full(cell)]:
            kinds = [(module_of_class(kind).partition(".")[0], short_name(kind)) for kind in bases_of(type(table))]
            # Behind `@app.get` is the application's own table, which has no name in the module.
            is_named = any([value is table for value in list(space.names.values())])
            if is_named and any([kind in COPIED_TABLES for kind in kinds]) and not is_taken_whole(table):
                message = short_name(type(table)) + " was copied into the application, which does not know of this"
                note(step, unit, "read-at-import", message, 1)


def is_taken_whole(table: object) -> bool:
    """Later releases of FastAPI (seen in 0.165) keep the router itself, and serve what comes to it."""
    module = module_dict(sys.modules.get("fastapi.routing"))
    router = module.get("APIRouter")
    return "_IncludedRouter" in module and is_class(router) and is_below(type(table), router)


COPIED_TABLES = (("fastapi", "APIRouter"), ("aiohttp", "RouteTableDef"))
