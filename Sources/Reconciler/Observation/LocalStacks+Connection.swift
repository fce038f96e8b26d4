package import Reloader

extension LocalsFacts {
    /// Has the agent read the variables of all calls; the process goes on meanwhile.
    package func read(in connection: Connection) throws(SessionError) -> LocalStacks {
        try connection.agent.locals(request(observer: try connection.observer()))
    }
}
