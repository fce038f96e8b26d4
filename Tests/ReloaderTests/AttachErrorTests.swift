import Glibc
import SystemPackage
import Testing

@testable import Reloader

@Suite("Why a process cannot be had")
struct AttachErrorTests {
    private func failure(_ errno: Errno) -> AttachError {
        Target.failure(errno, pid: getpid(), procFS: ProcFS(), during: .takingThePipes)
    }

    @Test(
        "an errno without a word of ours is told as that errno, and is no end of the process",
        arguments: [
            Errno.badFileDescriptor, .noMemory, .ioError, .invalidArgument, .resourceTemporarilyUnavailable,
        ])
    func unknown(errno: Errno) {
        let error = failure(errno)
        #expect(error.id == "system-error")
        #expect(error.message.contains("errno \(errno.rawValue)"))
        #expect(error.message.contains("taking the agent's pipes from process \(getpid())"))
        #expect(!error.message.contains("ended"))
    }

    @Test("ours is the limit where we have no descriptor left")
    func ownLimit() {
        let error = failure(.tooManyOpenFiles)
        #expect(error.message.hasPrefix("midflight has no file descriptor left"))
        #expect(error.actions.first?.contains("ulimit -n") == true)
    }

    @Test(
        "only what says so is the end of the process",
        arguments: [Errno.noSuchProcess, .noSuchFileOrDirectory])
    func gone(errno: Errno) { #expect(failure(errno).id == "target-gone") }

    @Test("soft limits are read, and none where there is none")
    func limits() {
        let head = "Limit                     Soft Limit           Hard Limit           Units     \n"
        let some = head + "Max open files            64                   1048576              files     \n"
        let none = head + "Max open files            unlimited            unlimited            files     \n"
        #expect(ProcessLimits(text: some)?.descriptors == 64)
        #expect(ProcessLimits(text: none).map(\.descriptors) == .some(nil))
        #expect(ProcessLimits(text: "") == nil)
        #expect(
            (try? ProcFS().text(getpid(), "limits")).flatMap(ProcessLimits.init(text:))?.descriptors ?? 0 > 2)
    }
}
