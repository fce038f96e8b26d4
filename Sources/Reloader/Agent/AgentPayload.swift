/// What runs in the target once the agent's thread has the GIL.
package struct AgentPayload: Sendable {
    /// The agent, compiled by the target's own interpreter and marshalled.
    package var agentCode: [UInt8]
    /// The first request.
    package var request: [UInt8]
    /// `sys.hexversion` that `agentCode` is for: code of another version would crash the target.
    package var hexVersion: Int

    /// Makes a payload; whether it fits the page is checked when the page is made.
    package init(agentCode: [UInt8], request: [UInt8], hexVersion: Int) {
        self.agentCode = agentCode
        self.request = request
        self.hexVersion = hexVersion
    }

    /// Bytes that it takes in the target.
    var size: Int { agentCode.count + request.count + line.utf8.count + 1 }

    /// The only text that is compiled in the target.
    var line: String { "import sys,marshal;sys.hexversion==\(hexVersion) and exec(marshal.loads(A))" }
}
