import Reloader
import Testing

@Suite("ProcessStat and ProcessStatus")
struct ProcessStatTests {
    private let tail =
        "1 42 42 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 3 0 987654 100 200 18446744073709551615 4096 8192 140737 0"

    @Test("a name may hold spaces and parentheses")
    func oddName() throws {
        let stat = try #require(ProcessStat(line: "4121 (a) R (b)) S \(tail)"))
        #expect(stat.name == "a) R (b)")
        #expect(stat.state == "S")
        #expect(stat.parent == 1)
        #expect(stat.startTime == 987654)
        #expect(stat.startCode == 4096)
        #expect(stat.startStack == 140737)
    }

    @Test("a first thread that is a zombie while others live is no process that has ended")
    func zombie() throws {
        let executing = try #require(ProcessStat(line: "4121 (a) Z \(tail)"))
        #expect(executing.threads == 3 && !executing.hasEnded && executing.isLosingFirstThread)
        let alone = tail.replacing(" 20 0 3 0 ", with: " 20 0 1 0 ")
        let ended = try #require(ProcessStat(line: "4121 (a) Z \(alone)"))
        #expect(ended.hasEnded && !ended.isLosingFirstThread)
        let alive = try #require(ProcessStat(line: "4121 (a) S \(alone)"))
        #expect(!alive.hasEnded && !alive.isLosingFirstThread)
    }

    @Test("a truncated line is refused", arguments: ["", "12", "12 (python", "12 (python) S 1 2 3"])
    func truncated(line: String) { #expect(ProcessStat(line: line) == nil) }

    @Test("fields of status are read by name")
    func status() {
        let status = ProcessStatus(
            text:
                "Name:\tpython\nTracerPid:\t77\nUid:\t1000\t1001\t1002\t1003\nSeccomp:\t2\nx86_Thread_features:\tshstk wrss\nNSpid:\t500\t7\n"
        )
        #expect(status["Name"] == "python")
        #expect(status.tracerPID == 77)
        #expect(status.userIDs == [1000, 1001, 1002, 1003])
        #expect(status.seccompMode == 2)
        #expect(status["x86_Thread_features"] == "shstk wrss")
        #expect(status.namespacePIDs == [500, 7])
        #expect(ProcessStatus(text: "").tracerPID == 0)
    }
}
