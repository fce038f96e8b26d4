/// What a look has found.
package enum LookAnswer: Sendable, Hashable {
    /// `type`: as Python writes a class. `instances`: how many there are and how long the process waited; nil for a
    /// value.
    case value(type: String, text: String, instances: Instances?)
    /// A name leads nowhere; nothing was evaluated.
    case absent(Absence)
    /// `reason`: `expression-refused` or `expression-failed`.
    case failed(reason: String, message: String)
    /// The collector has freed `count` objects that nobody could reach; `pause` in nanoseconds.
    case collected(count: Int, pause: Int)

    /// What a search for instances found.
    package struct Instances: Sendable, Hashable {
        /// How many there are, whether they are shown or not.
        package var total: Int
        /// Nanoseconds in which the program could not run.
        package var pause: Int
        /// Objects that `gc.freeze()` hides from the search.
        package var frozen: Int

        /// `pause`: nanoseconds in which other threads may have waited. `frozen`: objects that could not be searched.
        package init(total: Int, pause: Int, frozen: Int) {
            self.total = total
            self.pause = pause
            self.frozen = frozen
        }
    }

    /// The first part of the name that leads nowhere.
    package enum Absence: String, Sendable, Hashable {
        /// In the order in which they are looked for.
        case module, `class`, field
    }

    /// Reads the agent's answer. Throws `unexpected` if it is none to a `look`.
    package init(answer: [UInt8]) throws(ProtocolError) {
        let facts = try AgentAnswer.content(of: answer, named: "look")
        if let freed = facts["freed"]?.integer {
            self = .collected(count: freed, pause: facts["pause"]?.integer ?? 0)
        } else if let absent = facts["absent"]?.text.flatMap(Absence.init) {
            self = .absent(absent)
        } else if let failed = facts["failed"]?.items, failed.count == 2, let reason = failed[0].text,
            let message = failed[1].text
        {
            self = .failed(reason: reason, message: message)
        } else if let type = facts["type"]?.text, let text = facts["text"]?.text {
            let instances = facts["total"]?.integer.map { total in
                Instances(
                    total: total, pause: facts["pause"]?.integer ?? 0, frozen: facts["frozen"]?.integer ?? 0)
            }
            self = .value(type: type, text: text, instances: instances)
        } else {
            throw .unexpected("look")
        }
    }
}
