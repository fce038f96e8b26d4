/// One thing that was looked at because it can stand in the way of patching a process.
package struct Finding: Sendable, Hashable {
    /// How much a finding matters.
    package enum Verdict: String, Sendable, Hashable {
        /// Nothing to do.
        case ok
        /// It works, but differently from what the user may expect.
        case warn
        /// It stands in the way.
        case fail
    }

    /// Stable, for programs; docs/doctor.md lists them all.
    package var id: String
    /// How much it matters to who wants to patch the process.
    package var verdict: Verdict
    /// What was found, in one sentence without a full stop.
    package var what: String
    /// What mends it, most likely first; empty where there is nothing to mend.
    package var actions: [String]

    /// Makes a finding. `what` has no full stop; `actions` begin with the one that helps most often.
    package init(_ id: String, _ verdict: Verdict, _ what: String, _ actions: [String] = []) {
        self.id = id
        self.verdict = verdict
        self.what = what
        self.actions = actions
    }
}
