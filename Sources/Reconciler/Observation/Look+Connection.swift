package import Reloader

extension Look {
    /// Looks. Nothing is asked of the process if the expression is refused.
    package func run(in connection: Connection) throws(SessionError) -> LookAnswer {
        let compiled = try connection.askTwin { (twin) throws(TwinError) in
            try twin.expression(expression, names: names, allowsCalls: allowsCalls)
        }
        switch compiled {
        case .refused(let reason, let message): return .failed(reason: reason, message: message)
        case .code(let code):
            return try connection.agent.look(request(observer: try connection.observer(), code: code))
        }
    }

    /// Has the process collect what nobody can reach.
    package static func collect(in connection: Connection) throws(SessionError) -> LookAnswer {
        try connection.agent.look(collectRequest(observer: try connection.observer()))
    }
}

extension Connection {
    /// What looks into the process, compiled for its interpreter once for each connection.
    func observer() throws(SessionError) -> [UInt8] {
        if let observerProgram { return observerProgram }
        let made = try askTwin { (twin) throws(TwinError) in try twin.observerProgram() }
        observerProgram = made
        return made
    }
}
