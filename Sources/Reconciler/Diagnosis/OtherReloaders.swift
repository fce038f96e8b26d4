import Reloader

/// What in a process restarts or reloads its program at a save as well, so that its state would be lost all the same.
struct OtherReloaders {
    /// How one is recognised, by the words of the command line and the environment.
    private struct Sign: Sendable {
        /// As the finding names it.
        var name: String
        /// `variables` are those of the process itself; they are empty for its parents.
        var isThere: @Sendable (_ words: [String], _ variables: [String: String]) -> Bool
        /// How to start the program without it.
        var remedy: String
    }

    /// The first one that fits is told, so the more exact ones come first.
    private static let signs = [
        Sign(
            name: "Django's autoreloader",
            isThere: { words, variables in
                variables["RUN_MAIN"] == "true" && variables["WERKZEUG_RUN_MAIN"] == nil
                    || words.contains("runserver") && !words.contains("--noreload")
            }, remedy: "start it with runserver --noreload"),
        Sign(
            name: "werkzeug's reloader",
            isThere: { words, variables in
                variables["WERKZEUG_RUN_MAIN"] == "true" || isFlask(words) && asksForDebug(words, variables)
            }, remedy: "start it with flask run --no-reload, or app.run(use_reloader=False)"),
        Sign(
            name: "--reload", isThere: { words, _ in words.contains("--reload") && !isFlask(words) },
            remedy: "start it without --reload"),
        Sign(
            name: "a reloader around it",
            isThere: { words, _ in
                words.prefix(3).contains { word in
                    ["jurigged", "reloadium", "hupper", "watchfiles", "watchmedo", "hmr", "uvicorn-hmr"]
                        .contains(
                            word.split(separator: "/").last.map(String.init) ?? word)
                }
            }, remedy: "start it without that program"),
    ]

    /// `flask run`, `python -m flask run` and `/path/to/flask run`.
    private static func isFlask(_ words: [String]) -> Bool {
        words.prefix(4).contains { $0 == "flask" || $0.hasSuffix("/flask") } && words.contains("run")
    }

    /// Flask's reloader runs where its debug mode does, unless `--no-reload` says otherwise.
    private static func asksForDebug(_ words: [String], _ variables: [String: String]) -> Bool {
        !words.contains("--no-reload")
            && (words.contains("--reload") || words.contains("--debug")
                || ["1", "true", "on"].contains((variables["FLASK_DEBUG"] ?? "").lowercased()))
    }

    /// `parents`: the command lines above it, nearest first: a reloader is often the parent.
    static func finding(words: [String], variables: [String: String], parents: [[String]]) -> Finding {
        for sign in signs {
            guard sign.isThere(words, variables) || parents.contains(where: { sign.isThere($0, [:]) }) else {
                continue
            }
            return Finding(
                "reloader", .warn,
                "\(sign.name) restarts it at a save: its state is lost before midflight comes",
                [sign.remedy])
        }
        return Finding("reloader", .ok, "no other reloader is seen")
    }
}
