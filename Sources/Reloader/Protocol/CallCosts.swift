/// How long some calls of one function took, in milliseconds.
package struct CallCosts: Sendable, Hashable {
    /// Module and qualified name.
    package var name: String
    /// Of the calls that returned.
    package var returned: [Double]
    /// Of the calls that ended with an exception.
    package var raised: [Double]

    /// Makes the times of one function.
    package init(name: String, returned: [Double], raised: [Double]) {
        self.name = name
        self.returned = returned
        self.raised = raised
    }

    /// Reads a row of the agent's answer; nil if it is none.
    init?(_ row: MarshalValue) {
        guard let parts = row.items, parts.count == 3, let name = parts[0].text else { return nil }
        self.init(
            name: name, returned: (parts[1].items ?? []).compactMap(\.number),
            raised: (parts[2].items ?? []).compactMap(\.number))
    }
}
