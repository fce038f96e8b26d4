import CLinuxShims
import Glibc

/// The mapping that we make in the target: [page][agent][request][line of Python] … [stack 32 KiB][code page].
///
/// It is never writable and executable at once. 64 KiB and a page unless the payload needs more.
package struct Scratch {
    /// Where the mapping begins in the target.
    let base: RemoteAddress
    /// Bytes of the whole mapping: a multiple of the page size.
    let length: UInt64

    /// In bytes: 4, 16 or 64 KiB; the target has the same kernel.
    static let pageSize = UInt64(sysconf(Int32(_SC_PAGESIZE)))
    private static let stackSize: UInt64 = 32768
    private static let usualLength = pages(64 * 1024) + pageSize

    /// The last page has the stub: it may run, and nothing may write it.
    var codePage: RemoteAddress { base + (length - Self.pageSize) }
    /// The stack of the agent's thread grows down from here.
    var stackTop: RemoteAddress { codePage }

    /// For `capacity` bytes of payload.
    static func length(capacity: Int) -> UInt64 {
        max(usualLength, pageSize + pages(UInt64(capacity)) + pages(stackSize) + pageSize)
    }

    /// `bytes`, rounded up to whole pages.
    private static func pages(_ bytes: UInt64) -> UInt64 { (bytes + pageSize - 1) & ~(pageSize - 1) }

    /// Whether the stub and the data page, of so many bytes, fit where the mapping has room for them.
    package static func holds(stub: Int, page: Int) -> Bool { stub <= Int(pageSize) && page <= Int(pageSize) }

    /// The same for those of this program: asked before a thread is stopped, and again where they are written.
    static var holdsOurs: Bool {
        holds(stub: midflight_stub().length, page: MemoryLayout<midflight_page>.stride)
    }

    private var payloadStart: RemoteAddress { base + UInt64(MemoryLayout<midflight_page>.stride) }

    /// The page's words; those of the payload follow with `payload(_:)`.
    ///
    /// Nil if more is to be written than a field of the page holds.
    func page(wayBack: WayBack, signalMask: UInt64, symbols: TargetSymbols) -> [UInt8]? {
        let stub = midflight_stub()
        var page = midflight_page()
        guard wayBack.page.count * 8 <= MemoryLayout.size(ofValue: page.resume),
            symbols.functions.count * 8 <= MemoryLayout.size(ofValue: page.functions)
        else { return nil }
        page.deadline_seconds = Monotonic.now / 1_000_000_000 + 3
        page.old_mask = signalMask
        page.all_mask = .max
        page.create_result = -1
        page.mapping_base = base.value
        page.mapping_length = length
        page.agent_entry = codePage.value + UInt64(stub.agent_entry)
        withUnsafeMutableBytes(of: &page.resume) { buffer in
            buffer.copyBytes(from: wayBack.page.flatMap(\.littleEndianBytes))
        }
        withUnsafeMutableBytes(of: &page.functions) { buffer in
            buffer.copyBytes(from: symbols.functions.flatMap(\.littleEndianBytes))
        }
        return withUnsafeBytes(of: page) { Array($0) }
    }

    /// What to write before the agent is told to go on; nil if it does not fit.
    func payload(_ payload: AgentPayload) -> [(address: RemoteAddress, bytes: [UInt8])]? {
        let request = payloadStart + UInt64(payload.agentCode.count)
        let text = request + UInt64(payload.request.count)
        let room = length - 2 * Self.pageSize - Self.stackSize
        guard payload.size <= room else { return nil }
        let words = [
            payloadStart.value, UInt64(payload.agentCode.count), request.value, UInt64(payload.request.count),
            text.value,
        ]
        return [
            (payloadStart, payload.agentCode + payload.request + Array(payload.line.utf8) + [0]),
            (base + UInt64(PAGE_AGENT_CODE), words.flatMap(\.littleEndianBytes)),
        ]
    }

    /// The stub with the values that the donor needs when all its registers are its own again; nil if there is no room.
    func code(wayBack: WayBack) -> [UInt8]? {
        let stub = midflight_stub()
        guard Self.holdsOurs else { return nil }
        var code = Array(UnsafeRawBufferPointer(start: stub.code, count: stub.length))
        let words: [UInt8] = wayBack.code.flatMap(\.littleEndianBytes)
        code.replaceSubrange(stub.resume..<(stub.resume + words.count), with: words)
        return code
    }

    /// Registers that start the donor's stub.
    func entry(from registers: Host.Registers) -> Host.Registers {
        Host.entering(
            codePage + UInt64(midflight_stub().donor_entry), stack: stackTop, page: base, from: registers)
    }
}
