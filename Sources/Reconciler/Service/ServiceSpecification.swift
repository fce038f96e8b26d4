/// A service of watch.yaml: what it is called, how it is treated, and which processes it is at this moment.
package struct ServiceSpecification {
    /// How its processes are treated.
    package var options: SessionOptions
    /// As users named it: `port 8000`.
    package var selector: String
    /// What follows its events.
    package var reactions = Reactions()
    /// Process ids, none if it does not run.
    let find: () -> [Int32]
    /// Of a service that we run ourselves.
    let launcher: Launcher?

    /// A service that others run. `find`: its processes at this moment.
    package init(options: SessionOptions, selector: String, find: @escaping () -> [Int32]) {
        self.options = options
        self.selector = selector
        self.find = find
        launcher = nil
    }

    /// A service that we launch, and launch again whenever it has ended.
    package init(options: SessionOptions, selector: String, launcher: Launcher) {
        self.options = options
        self.selector = selector
        self.launcher = launcher
        find = launcher.runningOrLaunch
    }
}
