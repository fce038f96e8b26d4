/// Why something did not go in as it stands in the source, or what to know although it did.
///
/// The list is closed and stable: programs read these ids. Wording is here and nowhere else.
package enum ReasonID: String, Sendable, Hashable, CaseIterable {
    // Applied, but know this.
    case activeFrames = "active-frames"
    /// Also what a former or deleted decorator has registered: a route, an event, an implementation.
    case decoratorHeld = "decorator-held"
    /// A Python audit hook ran between the swaps.
    case notAtomic = "not-atomic"
    /// Of `lru_cache`, or of another wrapper with `cache_clear`.
    case cachesCleared = "caches-cleared"
    /// The interpreter could not be started beside the target.
    case compiledInTarget = "compiled-in-target"
    /// A field of a dataclass, or an attribute that `__init__` sets now.
    case instancesLackField = "instances-lack-field"
    /// Neither the module nor the builtins have the name when the code goes in.
    case nameMissing = "name-missing"
    /// The patch stays in place whatever `__on_reload__` does.
    case hookFailed = "hook-failed"
    /// PEP 734: only the main interpreter is patched.
    case otherInterpreters = "other-interpreters"
    /// Found by names in statements, defaults, decorators and headers; the agent knows whether they mean what
    /// changed.
    case derivedValue = "derived-value"
    /// Copies that neither modules, frames nor classes lead to may be missed; told once for each process.
    case heapTooLarge = "heap-too-large"
    /// A metaclass, an `__init_subclass__` or a decorator's library went through the class when it was made.
    case readAtImport = "read-at-import"
    /// What numba, jax or torch.compile had made of the function.
    case recompilesAtNextCall = "recompiles-at-next-call"
    // Kept: this change stays out, the rest of the burst goes in.
    case moduleStatement = "module-statement"
    /// `__slots__`, or a library made the class of what it found in it.
    case classLayout = "class-layout"
    /// CPython refuses to assign `__bases__` that do not fit the live class.
    case basesOrMetaclass = "bases-or-metaclass"
    /// `__closure__` of a live function cannot be replaced.
    case closureChanged = "closure-changed"
    /// The program may have set it itself, so it is not overwritten.
    case liveValueKept = "live-value-kept"
    /// No Python function is behind the name.
    case builtinOrExtension = "builtin-or-extension"
    /// By numba, Cython or torch.compile.
    case wrappedCompiled = "wrapped-compiled"
    /// By attrs or pydantic's dataclasses.
    case generatedMethod = "generated-method"
    case enumMembers = "enum-members"
    /// Nothing is swapped rather than the wrong object.
    case ambiguousDefinition = "ambiguous-definition"
    /// Its remark is a note where old calls still bind, and keeps the change out where they would break.
    case signatureCaptured = "signature-captured"
    /// By an import hook, a decorator or a tool; its work would be lost.
    case transformedSource = "transformed-source"
    /// Also a file whose import has not ended. It is looked at again without a further save.
    case heldBack = "held-back"
    /// The file's changes are kept whole.
    case notSupportedYet = "not-supported-yet"
    /// It is tried again when what it needs changes.
    case needsKept = "needs-kept"
    /// A copy that no name in `sys.modules` leads to.
    case otherCopy = "other-copy"
    // Kept with what depends on it; rejected if nothing else is in the burst, or with `--atomic`.
    case syntax
    /// Also a source that the system's iconv(1) cannot convert.
    case encoding
    /// Also a file that is no regular one.
    case unreadable
    case tooBig = "too-big"
    /// It is tried again with later saves.
    case importFailed = "import-failed"
    case defaultFailed = "default-failed"
    case decoratorFailed = "decorator-failed"
    /// Everything was put back; a fault of ours.
    case verifyFailed = "verify-failed"
    // Nothing to do.
    case notLoaded = "not-loaded"
    case fileRemoved = "file-removed"
    /// There is no difference, or only one of comments, layout or lines.
    case unchanged
    case pathUnmapped = "path-unmapped"
    case baselineUnknown = "baseline-unknown"

    /// What becomes of a change that has this reason.
    package enum Effect: String, Sendable, Hashable {
        /// It went in; it alone stays out; it stays out with what depends on it; there was nothing to do.
        case note, kept, rejected, nothing
    }

    /// `name-missing` rejects instead with `--strict`.
    package var effect: Effect {
        switch self {
        case .activeFrames, .decoratorHeld, .notAtomic, .cachesCleared, .compiledInTarget,
            .instancesLackField, .nameMissing, .hookFailed, .otherInterpreters, .derivedValue, .heapTooLarge,
            .readAtImport, .recompilesAtNextCall:
            .note
        case .moduleStatement, .classLayout, .basesOrMetaclass, .closureChanged, .liveValueKept,
            .builtinOrExtension,
            .wrappedCompiled, .generatedMethod, .enumMembers, .ambiguousDefinition, .signatureCaptured,
            .transformedSource, .heldBack, .notSupportedYet, .needsKept, .otherCopy:
            .kept
        case .syntax, .encoding, .unreadable, .tooBig, .importFailed, .defaultFailed, .decoratorFailed,
            .verifyFailed:
            .rejected
        case .notLoaded, .fileRemoved, .unchanged, .pathUnmapped, .baselineUnknown: .nothing
        }
    }

    /// What happened, in general; a remark usually has its own, more exact message. No full stop.
    package var message: String {
        switch self {
        case .activeFrames: "running calls finish on the old code"
        case .decoratorHeld: "other objects still hold the former wrapper"
        case .notAtomic: "the changes of this burst did not take effect in one step"
        case .cachesCleared: "cached results of the changed function were dropped"
        case .compiledInTarget: "the source was compiled inside of the target"
        case .instancesLackField: "existing instances lack the new field"
        case .nameMissing: "the new code uses a global name that does not exist"
        case .hookFailed: "__on_reload__ raised an exception; the patch is in place"
        case .otherInterpreters: "other interpreters of the process have the old code"
        case .derivedValue: "a value was built at import from what changed"
        case .heapTooLarge: "the heap is too large to look at every object in it"
        case .readAtImport: "what has read the former one when it was imported does not know the new one"
        case .recompilesAtNextCall: "its compiled code was dropped"
        case .moduleStatement: "a statement outside of functions changed; it is never run a second time"
        case .classLayout: "the layout of the class changed"
        case .basesOrMetaclass: "the bases or the metaclass of the class changed"
        case .closureChanged: "the new code takes other names from around it than the live function has"
        case .liveValueKept: "the process has another value than the source had"
        case .builtinOrExtension: "the name is bound to compiled code"
        case .wrappedCompiled: "the function is compiled by a library"
        case .generatedMethod: "the method is generated when the class is made"
        case .enumMembers: "the members of an enumeration changed"
        case .ambiguousDefinition: "it cannot be told which live object this definition made"
        case .signatureCaptured: "another object has read the old signature"
        case .transformedSource: "the running code was rewritten when it was imported"
        case .heldBack: "the file seems to be written still"
        case .notSupportedYet: "this kind of change is not applied to a running process yet"
        case .needsKept: "it needs something that was kept"
        case .otherCopy: "another live copy of the file does not follow"
        case .syntax: "the source does not compile"
        case .encoding: "the source cannot be decoded"
        case .unreadable: "the file cannot be read"
        case .tooBig: "the file is too big"
        case .importFailed: "an import failed"
        case .defaultFailed: "a default value or an annotation could not be evaluated"
        case .decoratorFailed: "a decorator or a class body failed"
        case .verifyFailed: "the process does not run what was sent to it; everything was put back"
        case .notLoaded: "nothing live was made from this definition"
        case .fileRemoved: "the file is gone, and what it defined is still there"
        case .unchanged: "nothing changed"
        case .pathUnmapped: "the process has loaded no module from this file"
        case .baselineUnknown: "it is not known what source the running code was made from"
        }
    }

    /// A remark with this id tells how many there are: calls, holders, cache entries.
    package var isCounted: Bool { [.activeFrames, .decoratorHeld, .cachesCleared].contains(self) }

    /// What the reader can do.
    package var action: String {
        switch self {
        case .activeFrames: "nothing to do: the new code runs from the next call"
        case .decoratorHeld: "restart the process if those holders must change too"
        case .notAtomic: "nothing to do"
        case .cachesCleared: "use --keep-caches to keep them"
        case .compiledInTarget: "nothing to do"
        case .instancesLackField: "make new instances, or set the field on the old ones"
        case .nameMissing: "define or import the name, and save"
        case .hookFailed: "correct __on_reload__, and save"
        case .derivedValue: "restart the process, or build it again yourself"
        case .otherInterpreters: "create those interpreters again, or restart the process"
        case .heapTooLarge: "restart the process if it holds copies of modules in large containers"
        case .readAtImport: "restart the process, or register it yourself"
        case .recompilesAtNextCall: "nothing to do: the next call compiles the new code"
        case .moduleStatement: "restart the process, or run it yourself"
        case .classLayout, .basesOrMetaclass, .enumMembers, .generatedMethod, .closureChanged,
            .builtinOrExtension,
            .wrappedCompiled, .transformedSource, .otherCopy, .notSupportedYet:
            "restart the process"
        case .liveValueKept: "restart the process, or set it yourself"
        case .ambiguousDefinition: "give the definitions different names, or restart the process"
        case .signatureCaptured: "restart the process, or apply it with --force"
        case .heldBack: "save the file completely"
        case .needsKept: "mend what it needs, and save"
        case .syntax, .encoding, .defaultFailed, .decoratorFailed, .importFailed:
            "fix and save; the old code is serving"
        case .unreadable: "make the file readable, and save"
        case .tooBig: "split the file, or restart the process"
        case .verifyFailed: "restart the process, and report this as a fault of midflight"
        case .notLoaded, .unchanged, .pathUnmapped: "nothing to do"
        case .fileRemoved: "restart the process, or bring the file back"
        case .baselineUnknown: "use --sync, or restart the process"
        }
    }
}
