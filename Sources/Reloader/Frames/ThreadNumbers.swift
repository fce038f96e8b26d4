/// Which thread of the kernel a thread of the interpreter is.
///
/// CPython keeps the number from 3.11 on. Before, it keeps pthread_self(3), the address of a record of libc that has
/// the number at a place which differs between libcs: it is where every thread's record has a number of this process.
struct ThreadNumbers {
    private var numbers: [UInt64: Int32] = [:]

    /// Bytes of libc's record that are looked through.
    private static let size = 1024

    /// Finds the numbers of threads whose state does not keep them. `tasks`: all threads of the process.
    init(_ states: [StackReader.ThreadState], tasks: [Int32], memory: some MemorySource) {
        let known = Set(tasks)
        if states.contains(where: { $0.native != nil }) {
            for state in states {
                if let native = state.native, known.contains(native) { numbers[state.address] = native }
            }
            return
        }
        let records = states.compactMap { state in
            memory.read(RemoteAddress(state.identifier), count: Self.size).map { (state.address, $0) }
        }
        for offset in stride(from: 0, to: Self.size, by: 4) {
            let found = records.map { ($0.0, Int32(littleEndianBytes: $0.1[offset..<offset + 4])) }
            if !found.isEmpty, found.allSatisfy({ known.contains($0.1) }),
                Set(found.map(\.1)).count == found.count
            {
                numbers = Dictionary(uniqueKeysWithValues: found)
                return
            }
        }
    }

    /// As gettid(2); nil if it was not found.
    func number(of state: StackReader.ThreadState) -> Int32? { numbers[state.address] }
}
