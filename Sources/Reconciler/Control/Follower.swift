/// A client that is told all that happens to services, until it leaves.
struct Follower {
    /// Who waits for news.
    var client: ControlPeer.Caller
    /// The user who asks.
    var user: UInt32
    /// Nil for all of his processes.
    var pid: Int32?
}

extension ServiceLoop {
    /// Tells those who follow the service.
    func tell(_ event: SessionEvent, of service: Service) {
        followers.removeAll { follower in
            guard services(of: follower.pid, for: follower.user).contains(where: { $0 === service }) else {
                return false
            }
            return control?.tell(follower.client, event, of: service.options.name) != true
        }
    }

    /// Lets go of those who have left, and of those whose services are all gone.
    func dismissFollowers() {
        followers.removeAll { follower in
            guard control?.isOpen(follower.client) == true else { return true }
            guard services(of: follower.pid, for: follower.user).isEmpty else { return false }
            control?.end(follower.client)
            return true
        }
    }
}
