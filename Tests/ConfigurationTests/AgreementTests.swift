import Foundation
import Testing

@testable import Configuration

/// The schema is the authority; what is read, the reference page and the sample must say the same.
@Suite("Schema, reference page, sample and reader")
struct AgreementTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private struct Schema: Decodable {
        var properties: [String: Property]
        var definitions: [String: Definition]

        struct Definition: Decodable {
            var properties: [String: Property]?
        }

        final class Property: Decodable {
            var properties: [String: Property]?
            var items: Property?
            var choices: [String]?
            var standard: String?

            private enum CodingKeys: String, CodingKey {
                case properties, items
                case choices = "enum"
                case standard = "default"
            }

            init(from decoder: any Decoder) throws {
                let values = try decoder.container(keyedBy: CodingKeys.self)
                properties = try? values.decode([String: Property].self, forKey: .properties)
                items = try? values.decode(Property.self, forKey: .items)
                choices = try? values.decode([String].self, forKey: .choices)
                standard = try? values.decode(String.self, forKey: .standard)
                if let flag = try? values.decode(Bool.self, forKey: .standard) {
                    standard = flag ? "true" : "false"
                }
            }
        }
    }

    private static func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: root.appending(path: name)), as: UTF8.self)
    }

    private static func schema() throws -> Schema {
        try JSONDecoder().decode(Schema.self, from: Data(try text("docs/watch.schema.json").utf8))
    }

    /// Tables of the reference page below a heading: key to the row's cells.
    private static func table(_ heading: String) throws -> [String: [String]] {
        let page = try text("docs/watch-yaml.md")
        let section = try #require(
            page.components(separatedBy: "\n## ").first { $0.hasPrefix(heading + "\n") })
        var rows: [String: [String]] = [:]
        for line in section.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            rows[cells[0].replacing("`", with: "")] = cells
        }
        return rows
    }

    private static func properties(_ definition: String) throws -> [String: Schema.Property] {
        try #require(try schema().definitions[definition]?.properties)
    }

    @Test("name the same keys")
    func keys() throws {
        #expect(Set(try Self.schema().properties.keys) == Set(ConfigurationReader.topKeys))
        let service = try Self.properties("service")
        let settings = try Self.properties("settings")
        #expect(Set(service.keys) == Set(ConfigurationReader.serviceKeys))
        #expect(Set(settings.keys) == Set(ConfigurationReader.settingsKeys))
        let match = try #require(service["match"]?.properties)
        #expect(Set(match.keys) == Set(ConfigurationReader.matchKeys))
        #expect(Set(settings["hooks"]?.properties?.keys ?? [:].keys) == Set(ConfigurationReader.hookKeys))
        #expect(
            Set(service["actions"]?.items?.properties?.keys ?? [:].keys)
                == Set(ConfigurationReader.actionKeys))
        #expect(Set(try Self.table("Top level").keys) == Set(ConfigurationReader.topKeys))
        #expect(Set(try Self.table("A service").keys) == Set(service.keys))
        #expect(Set(try Self.table("match").keys) == Set(match.keys))
        #expect(Set(try Self.table("settings").keys) == Set(settings.keys))
    }

    @Test(
        "name the same choices and defaults", arguments: [("service", "A service"), ("settings", "settings")])
    func values(definition: String, heading: String) throws {
        let table = try Self.table(heading)
        for (key, property) in try Self.properties(definition) {
            let cells = try #require(table[key])
            for choice in property.choices ?? [] { #expect(cells[1].contains("`\(choice)`"), "\(key)") }
            if let standard = property.standard { #expect(cells[2] == "`\(standard)`", "\(key)") }
        }
    }

    @Test("have the defaults that the reader has")
    func defaults() throws {
        let read = ServiceSettings()
        let properties = try Self.properties("settings")
        func standard(_ key: String) -> String? { properties[key]?.standard }
        #expect(standard("debounce") == "\(read.debounce)ms")
        #expect(standard("poll_interval") == "\(read.pollInterval)ms")
        #expect(standard("hook_timeout") == "\(read.hookTimeout / 1000)s")
        #expect(standard("scope") == read.scope.rawValue && standard("watcher") == read.watcher.rawValue)
        #expect(
            standard("on_kept") == read.onKept.rawValue && standard("on_rejected") == read.onRejected.rawValue
        )
        #expect(standard("gitignore") == "\(read.gitignore)" && standard("strict") == "\(read.strict)")
        #expect(
            standard("keep_caches") == "\(read.keepCaches)"
                && standard("sync_on_attach") == "\(read.syncOnAttach)")
        let service = try Self.properties("service")
        let empty = ServiceConfiguration(name: "", paths: [], match: .pid(1))
        #expect(
            service["workers"]?.standard == empty.workers.rawValue
                && service["signal"]?.standard == empty.signal)
    }

    @Test("every choice of the schema is read", arguments: ["scope", "watcher", "on_kept", "on_rejected"])
    func choices(key: String) throws {
        for choice in try #require(try Self.properties("settings")[key]?.choices) {
            let service = "{path: ., match: {run: [a]}, settings: {\(key): \(choice)}}"
            let read = try WatchConfiguration(text: "version: 1\nservices: {a: \(service)}", directory: "/") {
                _ in nil
            }
            #expect(read.services.count == 1)
        }
    }

    @Test("the sample is a right watch.yaml")
    func sample() throws {
        let read = try WatchConfiguration(text: try Self.text("watch.yaml.sample"), directory: "/srv") { _ in
            nil
        }
        #expect(read.services.count > 1)
    }
}
