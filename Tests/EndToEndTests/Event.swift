import Foundation

/// The members of an event that the tests look at; docs/events.schema.json is the whole truth.
struct Event: Decodable {
    struct Applied: Decodable {
        var name: String
        var change: String
    }

    struct Kept: Decodable {
        var name: String
        var reason: String
        var action: String
    }

    struct Note: Decodable {
        var name: String?
        var reason: String
        var message: String?
    }

    var v: Int
    var event: String
    var pid: Int32?
    var id: Int?
    var files: [String]?
    var applied: [Applied]?
    var kept: [Kept]?
    var notes: [Note]?
    var reason: String?
    var file: String?
    var line: Int?
    var column: Int?

    init(parsing line: String) throws {
        self = try JSONDecoder().decode(Event.self, from: Data(line.utf8))
    }
}
