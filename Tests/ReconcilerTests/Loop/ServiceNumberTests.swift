import Testing

@testable import Reconciler

@Suite("Numbers of services")
struct ServiceNumberTests {
    @Test("the number of a service that was removed is never given again")
    func removed() throws {
        let loop = ServiceLoop(mailbox: try #require(Mailbox()))
        func add(_ name: String) -> Int? {
            var options = SessionOptions()
            options.name = name
            loop.add(ServiceSpecification(options: options, selector: name) { [] }) { _ in }
            return loop.services.last?.number
        }
        let first = add("api")
        let second = add("worker")
        loop.remove(named: "worker")
        let third = add("worker")
        #expect(Set([first, second, third]).count == 3, "\(String(describing: third)) was the removed one's")
    }
}
