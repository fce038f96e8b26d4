import Foundation
import SystemPackage
import Testing

@testable import Reloader

@Suite("Compiled programs on disk")
struct ProgramCacheTests {
    private let directory =
        FileManager.default.temporaryDirectory.path + "/midflight-cache-\(UUID().uuidString)"

    private func identity() throws -> InterpreterIdentity {
        try #require(InterpreterIdentity(program: FilePath(TwinTests.python)))
    }

    private func programs() throws -> CompiledPrograms {
        try CompilerTwin(TwinLaunch(executable: FilePath(TwinTests.python), name: TwinTests.python)).programs
    }

    private func mode(_ path: String, _ mode: mode_t) { #expect(chmod(path, mode) == 0) }

    private func file() throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory)
        return directory + "/" + (try #require(names.first { !$0.contains("+modules") }))
    }

    @Test("what was stored comes back whole, and a twin that runs it compiles")
    func roundTrip() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let cache = ProgramCache(directory: directory)
        let programs = try programs()
        #expect(cache.programs(for: try identity()) == nil)
        cache.store(programs, for: try identity())
        let known = try #require(cache.programs(for: try identity()))
        #expect(known == programs)
        #expect(cache.lookup(for: try identity()) == CompiledLookup(programs))
        let launch = TwinLaunch(executable: FilePath(TwinTests.python), name: TwinTests.python)
        let twin = try CompilerTwin(TwinProcess(launch, known: known))
        #expect(twin.facts == programs.facts)
        #expect(try twin.compareRequest([]).problems.isEmpty)
    }

    @Test("without the part that tells modules there is nothing, and that part is of its interpreter only")
    func lookup() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let cache = ProgramCache(directory: directory)
        cache.store(try programs(), for: try identity())
        let small = try #require(
            FileManager.default.contentsOfDirectory(atPath: directory).first { $0.contains("+modules") })
        let content = try Data(contentsOf: URL(filePath: directory + "/" + small))
        let other = try #require(InterpreterIdentity(program: "/bin/sh"))
        #expect(CompiledLookup(content: Array(content), for: try identity()) != nil)
        #expect(CompiledLookup(content: Array(content), for: other) == nil)
        try content.prefix(100).write(to: URL(filePath: directory + "/" + small))
        #expect(cache.lookup(for: try identity()) == nil)
        #expect(cache.programs(for: try identity()) == nil)
    }

    @Test("nothing is read that somebody else could have written")
    func others() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let cache = ProgramCache(directory: directory)
        cache.store(try programs(), for: try identity())
        let file = try file()
        mode(file, 0o622)
        #expect(cache.programs(for: try identity()) == nil)
        mode(file, 0o600)
        #expect(cache.programs(for: try identity()) != nil)
        mode(directory, 0o777)
        #expect(cache.programs(for: try identity()) == nil)
        mode(directory, 0o700)
        try FileManager.default.moveItem(atPath: file, toPath: file + ".real")
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: file + ".real")
        #expect(cache.programs(for: try identity()) == nil)
    }

    @Test("a damaged file and one of another version are the same as none", arguments: [0, 40, 100, 5000])
    func damaged(length: Int) throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let cache = ProgramCache(directory: directory)
        cache.store(try programs(), for: try identity())
        let file = try file()
        let content = try Data(contentsOf: URL(filePath: file))
        try content.prefix(length).write(to: URL(filePath: file))
        #expect(cache.programs(for: try identity()) == nil)
        let other = directory + "/1-2-3-4@0"
        try Data().write(to: URL(filePath: other))
        cache.store(try programs(), for: try identity())
        #expect(!FileManager.default.fileExists(atPath: other))
        #expect(cache.programs(for: try identity()) != nil)
    }

    @Test("code of another version ends the twin instead of running in it")
    func otherVersion() throws {
        var known = try programs()
        known.facts.hexVersion += 1 << 16
        let launch = TwinLaunch(executable: FilePath(TwinTests.python), name: TwinTests.python)
        #expect(throws: TwinError.died) { _ = try CompilerTwin(TwinProcess(launch, known: known)) }
    }
}
