import Reloader
import Testing

@testable import midflight

@Suite("Calls of several processes are one stream")
struct SeenCallTests {
    private func seen(_ pid: Int32, _ ends: [Double]) -> [SeenCall] {
        ends.map { end in
            var call = CallRecord(name: "shop.total")
            call.end = end
            return SeenCall(call: call, pid: pid, save: 0)
        }
    }

    @Test("in the order of their ends")
    func order() {
        let all = seen(1, [1, 3, 3]) + seen(2, [2, 4])
        #expect(SeenCall.fair(all, 5).map(\.call.end) == [1, 2, 3, 3, 4])
        #expect(SeenCall.fair([], 5).isEmpty && SeenCall.fair(all, 0).isEmpty)
    }

    @Test("and where there is not room for all, each process has its first ones")
    func fairness() {
        let all = seen(1, [1, 2, 3, 4, 5, 6]) + seen(2, [5]) + seen(3, [4, 7])
        let shown = SeenCall.fair(all, 4)
        #expect(shown.map(\.pid) == [1, 1, 3, 2] && shown.map(\.call.end) == [1, 2, 4, 5])
        #expect(SeenCall.fair(seen(1, [1, 2, 3]), 2).map(\.call.end) == [1, 2])
    }
}
