import Foundation
import Testing

@testable import Configuration

@Suite("The examples' watch.yaml")
struct ExampleTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "examples")

    @Test("are right, and name directories that are there")
    func right() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            at: Self.folder, includingPropertiesForKeys: nil)
        let files = folders.map { $0.appending(path: "watch.yaml") }
            .filter { FileManager.default.fileExists(atPath: $0.path) }
        #expect(files.count == 3)
        for file in files {
            let directory = file.deletingLastPathComponent().path
            let text = try String(contentsOf: file, encoding: .utf8)
            let read = try WatchConfiguration(text: text, directory: directory) { _ in nil }
            for path in read.services.flatMap(\.paths) {
                var isDirectory: ObjCBool = false
                #expect(FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory))
                #expect(isDirectory.boolValue)
            }
        }
    }
}
