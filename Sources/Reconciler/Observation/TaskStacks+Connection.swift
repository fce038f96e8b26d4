package import Reloader

extension TaskStacks {
    /// Has the agent read the tasks; the process goes on meanwhile.
    package static func read(in connection: Connection) throws(SessionError) -> TaskStacks {
        try connection.agent.tasks(request(observer: try connection.observer()))
    }
}
