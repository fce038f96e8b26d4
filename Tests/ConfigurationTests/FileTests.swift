import Foundation
import Testing

@testable import Configuration

@Suite("Where a watch.yaml is looked for")
struct FileTests {
    private let root = FileManager.default.temporaryDirectory.path + "/midflight-config-\(UUID().uuidString)"

    private func write(_ text: String, to name: String) throws {
        let file = URL(filePath: root + "/" + name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
    }

    private func find(_ chosen: String? = nil, in folder: String = "", _ variables: [String: String] = [:])
        throws -> String
    {
        try ConfigurationFile(chosen: chosen, directory: root + folder) { variables[$0] }.text
    }

    @Test("named, then in the environment, then here and above up to the repository's root")
    func order() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write("outside", to: "watch.yaml")
        try write("", to: "repository/.git/HEAD")
        try write("below", to: "repository/a/b/x")
        #expect(throws: ConfigurationFile.Failure.notFound(directory: root + "/repository/a/b")) {
            _ = try find(in: "/repository/a/b")
        }
        try write("root", to: "repository/watch.yml")
        #expect(try find(in: "/repository/a/b") == "root")
        try write("near", to: "repository/a/watch.yaml")
        #expect(try find(in: "/repository/a/b") == "near")
        try write("named", to: "other.yaml")
        #expect(try find(in: "/repository/a/b", ["MIDFLIGHT_CONFIG": root + "/other.yaml"]) == "named")
        #expect(try find("watch.yml", in: "/repository", ["MIDFLIGHT_CONFIG": "/x"]) == "root")
    }

    @Test("what cannot be read is said", arguments: [0o666, 0o664])
    func unreadable(mode: Int) throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write("x", to: "watch.yaml")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: root + "/watch.yaml")
        if geteuid() == 0 {
            #expect(throws: ConfigurationFile.Failure.untrusted(path: root + "/watch.yaml")) {
                _ = try find()
            }
        } else {
            #expect(try find() == "x")
        }
        #expect(throws: ConfigurationFile.Failure.unreadable(path: root + "/none", errno: ENOENT)) {
            _ = try find("none")
        }
        try Data([97, 10, 0xff]).write(to: URL(filePath: root + "/bad.yaml"))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: root + "/bad.yaml")
        #expect(throws: ConfigurationFile.Failure.notUTF8(path: root + "/bad.yaml", line: 2)) {
            _ = try find("bad.yaml")
        }
    }
}
