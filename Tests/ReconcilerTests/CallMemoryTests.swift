import Reloader
import Testing

@testable import Reconciler

@Suite("calls that were watched are kept, within bounds")
struct CallMemoryTests {
    private func call(_ text: String, failure: String? = nil) -> CallRecord {
        var call = CallRecord(name: "shop.total")
        call.arguments = [CallRecord.Value(expression: "value", type: "", text: text)]
        call.filterFailure = failure
        return call
    }

    @Test("nothing where nobody watches; numbers go on; a filter that failed is no call")
    func numbers() {
        var memory = CallMemory()
        #expect(memory.entries.isEmpty && memory.dropped == 0)
        memory.add([call("1"), call("2", failure: "KeyError")])
        memory.add([call("3")])
        #expect(memory.entries.map(\.number) == [1, 2])
        #expect(Recalled(.last(1), in: memory).entries.map(\.number) == [2])
        let one = Recalled(.number(1), in: memory)
        #expect(one.entries.map { $0.call.arguments[0].text } == ["1"] && one.kept == 2)
        #expect(Recalled(.number(9), in: memory).entries.isEmpty)
    }

    @Test("the oldest calls make room by number and by bytes, and are counted")
    func bounds() {
        var memory = CallMemory()
        for number in 1...1200 { memory.add([call("\(number)")]) }
        #expect(memory.entries.count == CallMemory.mostEntries && memory.dropped == 200)
        #expect(memory.entries.first?.number == 201 && memory.entries.last?.number == 1200)
        let large = String(repeating: "x", count: 1 << 20)
        memory.add([call(large), call(large), call(large), call(large), call(large)])
        #expect(memory.entries.map(\.number) == [1203, 1204, 1205])
        #expect(memory.dropped == 1202)
        memory.add([call(String(repeating: "x", count: 5 << 20))])
        #expect(memory.entries.isEmpty && memory.dropped == 1206)
        memory.add([call("small")])
        #expect(memory.entries.map(\.number) == [1207])
    }
}
