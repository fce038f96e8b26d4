/// One file of a burst, with the names it has for the reader.
package struct FilePlan: Sendable {
    /// As it is shown.
    package var file: String
    /// `co_filename`: how agent and twin name the file.
    package var codeFile: String
    /// The module's name as it is shown; empty for a file that no module was made from.
    package var module: String
    /// What can go in, and what stays out.
    package var plan: PatchPlan
    /// What the process runs in place of the planned changes.
    var origin: FileState.Source?

    /// Makes the entry of one file.
    package init(file: String, codeFile: String, module: String, plan: PatchPlan) {
        self.file = file
        self.codeFile = codeFile
        self.module = module
        self.plan = plan
    }

    /// As users see a definition of the file: the module's name before it; for an empty name the module
    /// alone.
    func name(_ name: String) -> String {
        name.isEmpty ? module : (module.isEmpty ? name : module + "." + name)
    }
}
