"""The twin's conversation with midflight."""


class Twin:
    """Keeps the last versions of each file, for what a save made is the base of the next save; and what was deleted."""

    def __init__(self) -> None:
        self.versions = {}
        self.slices = {}
        self.deleted = {}
        self.words = None
        self.parts = []
        self.refused = []
        self.optimize = sys.flags.optimize

    def version(self, path: str, source: bytes) -> Version:
        known = self.versions.setdefault(path, [])
        for version in known:
            if version.source == source:
                return version
        made = Version(path, source, self.optimize)
        known.append(made)
        del known[:-3]
        return made

    def slice(self, path: str, source: bytes, features: list) -> Version:
        """A save's new slice is the next save's old one."""
        key = (path, source, tuple(features))
        made = self.slices.pop(key, None) or Version(path, source, self.optimize, features)
        self.slices[key] = made
        if len(self.slices) > 64:
            del self.slices[next(iter(self.slices))]
        return made

    def sliced(self, file: dict) -> tuple:
        """The answer's parts for a file of which only slices are compiled: units, moved lines, annotated names."""
        slices = file["slices"]
        path, features = file["path"], slices["features"]
        pairs = {
            number: (self.slice(path, old, features), self.slice(path, new, features))
            for number, old, new in slices["pairs"]
        }
        units = [UNITS[change["op"]](change, *pairs[change["id"]]) for change in file["changes"]]
        classes = slices["classes"] if CLASSES_KNOW_LINES else []
        return units, {"ranges": slices["ranges"], "exact": [], "classes": classes}, []

    def whole(self, file: dict) -> tuple:
        """The same with the whole file compiled."""
        old, new = self.version(file["path"], file["old"]), self.version(file["path"], file["new"])
        units = [UNITS[change["op"]](change, old, new) for change in file["changes"]]
        if file.get("again"):  # its lines are those of the file's other entry
            return units, {"ranges": [], "exact": [], "classes": []}, []
        return units, moved_units(file["changes"], old, new), annotated_units(units, old, new)

    def hello(self, request: tuple) -> tuple:
        """Says what it is, and compiles what is given for targets. request: hello, agent, optimisation, other programs.

        C is this program, compiled by the line that started it.
        """
        self.optimize = request[2]
        if OPCODES != [LOAD_CONST, LOAD_SMALL_INT] or HAS_SMALL_INT and opcode.hasconst != [LOAD_CONST]:
            raise RuntimeError("this interpreter has other instructions than midflight knows")
        flags = __future__.annotations.compiler_flag
        sources = (request[1], *request[3:])
        codes = [s and compile(s, "<midflight>", "exec", flags, dont_inherit=True, optimize=2) for s in sources]
        programs = [code and marshal.dumps(code) for code in codes]
        facts = {
            "version": list(VERSION),
            "hexversion": sys.hexversion,
            "implementation": sys.implementation.name,
            "magic": sys.modules["_frozen_importlib_external"].MAGIC_NUMBER,
            "free_threaded": not getattr(sys, "_is_gil_enabled", lambda: True)(),
        }
        return ("hello", facts, programs[0], programs[0] and marshal.dumps(C), *programs[1:])

    def knows_words(self) -> bool:
        """Whether the words that the agent writes are where it looks for them: tried here, once, not in the process."""
        if self.words is None:
            memory = open_memory()
            self.words = memory >= 0
            if self.words:
                posix.close(memory)
        return self.words

    def begin(self, is_first: bool) -> None:
        """Forgets what an earlier request has left, if this is the first part of another one."""
        if is_first:
            self.finish()

    def finish(self) -> tuple:
        """Hands out all parts, and the files that do not compile."""
        done = (self.parts, self.refused)
        self.parts = []
        self.refused = []
        return done

    def compare(self, request: tuple) -> tuple:
        """request: compare, [{path, paths, modules, source}], is_first, is_last; without these two it is the only part.

        A part that is not the last is kept, and answered `part`. Files that do not compile are named, not sent.
        """
        is_first, is_last = request[2:] or (True, True)
        self.begin(is_first)
        for file in request[1]:
            try:
                version = self.version(file["path"], file["source"])
            except Refused as refusal:
                self.refused.append(refusal.facts)
                continue
            units = [known_unit(owner, code, version) for owner, code in version.units]
            facts = {"path": file["path"], "paths": file["paths"], "modules": file["modules"]}
            self.parts.append({**facts, "units": units, "facts": facts_of(version)})
        if not is_last:
            return ("part",)
        files, refused = self.finish()
        return ("request", marshal.dumps(("compare", files), 2), refused)

    def patch(self, request: tuple) -> tuple:
        """request: patch, {files: [{path, paths, modules, old, new, changes, slices}], around, is_first, is_last, …}.

        Answers `part` to a part of a burst that is not its last. Answers `whole` if a slice does not compile: the same
        part is asked for again, with the sources and no slices.
        """
        self.begin(request[1].get("is_first", True))
        parts = []
        refused = []
        for file in request[1]["files"]:
            is_sliced = file.get("slices") is not None
            try:
                parts.append((file, self.sliced(file) if is_sliced else self.whole(file)))
            except Refused as refusal:
                if is_sliced:
                    return ("whole",)
                refused.append(refusal.facts)
        self.parts += parts
        self.refused += refused
        if not request[1].get("is_last", True):
            return ("part",)
        parts, refused = self.finish()
        if refused:
            return ("rejected", refused)
        files = []
        for file, (units, moved, annotated) in parts:
            deleted = self.deleted.setdefault(file["path"], set())
            returning = sorted(deleted.union(file.get("returning", [])))
            deleted.update([unit["qualname"] for unit in units if unit["kind"] == "delete"])
            facts = {"paths": file["paths"], "modules": file["modules"], "returning": returning}
            files.append({**facts, "units": units, "moved": moved, "annotated": annotated})
        wanted = {key: value for key, value in request[1].items() if key not in ("files", "is_first", "is_last")}
        wanted["around"] = around_units(wanted.get("around", []))
        facts = {"files": files, "opcodes": OPCODES, "words": self.knows_words()}
        return ("request", marshal.dumps(("patch", {**wanted, **facts})), [])  # version 2 refuses slices (3.14)


UNITS = {
    "function": function_unit,
    "define": define_unit,
    "delete": delete_unit,
    "class": class_unit,
    "import": import_unit,
    "assign": assign_unit,
    "constant": constant_unit,
    "annotation": annotation_unit,
    "doc": doc_unit,
    "block": block_unit,
}
REQUEST, ANSWER, END = 1, 3, 5
HEADER = 9


def frame(number: int, kind: int, value: object) -> bytes:
    """As the agent's: u32 length, u32 id, u8 kind, little-endian, then marshal version 2."""
    content = marshal.dumps(value, 2)
    return b"".join([len(content).to_bytes(4, "little"), number.to_bytes(4, "little"), bytes((kind,)), content])


def talk() -> None:
    """One request after the other, each with its answer and end. Not acknowledged: to compile twice harms nobody."""
    twin = Twin()
    answers = {name: getattr(twin, name) for name in ("hello", "compare", "patch")}
    requests = sys.stdin.buffer
    replies = sys.stdout.buffer
    while True:
        header = requests.read(HEADER)
        if len(header) < HEADER or header[8] != REQUEST:
            return
        request = marshal.loads(requests.read(int.from_bytes(header[:4], "little")))
        try:
            reply = answers[request[0]](request) if request[0] in answers else LOOKING[request[0]](twin, request)
        except Exception as error:
            trace = error.__traceback__
            while trace.tb_next is not None:
                trace = trace.tb_next
            reply = ("failed", "%s: %s (line %d)" % (type(error).__name__, error, trace.tb_lineno))
        number = int.from_bytes(header[4:8], "little")
        replies.write(frame(number, ANSWER, reply) + frame(number, END, None))
        replies.flush()


talk()
