import Foundation
import Testing

@testable import Configuration

/// Nearly right files come further than random ones. MIDFLIGHT_FUZZ=100000 for many of them.
@Suite("A damaged watch.yaml")
struct MutationTests {
    private static let sample = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "watch.yaml.sample")
    private static let count =
        ProcessInfo.processInfo.environment["MIDFLIGHT_FUZZ"].flatMap { Int($0) } ?? 2000
    private static let pieces: [Unicode.Scalar] = Array(
        ":{}[],-?#&*!|>'\"%@`\\ \n\t\r$0a~<.é\u{85}\u{2028}\u{feff}\u{0}".unicodeScalars)

    @Test("is read, or its errors stand in the order of its lines, each inside the file")
    func damaged() throws {
        let text = try String(contentsOf: Self.sample, encoding: .utf8)
        var random = SplitMix(state: 5)
        var (read, refused) = (0, 0)
        for _ in 0..<Self.count {
            let damaged = Self.damage(text, &random)
            do throws(ConfigurationError) {
                let services = try WatchConfiguration(text: damaged, directory: "/srv") { _ in nil }.services
                #expect(!services.isEmpty, "\(damaged.debugDescription)")
                read += 1
            } catch {
                let lines =
                    damaged.unicodeScalars.count { "\n\r\u{85}\u{2028}".unicodeScalars.contains($0) } + 1
                let places = error.problems.map { ($0.line, $0.column) }
                #expect(!places.isEmpty, "\(damaged.debugDescription)")
                #expect(
                    places.allSatisfy { (1...lines + 1).contains($0.0) && $0.1 > 0 },
                    "\(places) in \(damaged.debugDescription)")
                #expect(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 })
                #expect(error.problems.allSatisfy { !$0.message.isEmpty })
                refused += 1
            }
        }
        #expect(read > 0 && refused > 0)
    }

    /// One to four places are changed: a character or a line goes, comes or moves.
    private static func damage(_ text: String, _ random: inout SplitMix) -> String {
        var letters = Array(text.unicodeScalars)
        for _ in 0..<Int.random(in: 1...4, using: &random) where !letters.isEmpty {
            let place = Int.random(in: 0..<letters.count, using: &random)
            let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
            switch Int.random(in: 0..<5, using: &random) {
            case 0: letters.remove(at: place)
            case 1: letters[place] = piece
            case 2: letters.insert(piece, at: place)
            case 3:
                var lines = letters.split(separator: "\n", omittingEmptySubsequences: false)
                let line = lines.remove(at: Int.random(in: 0..<lines.count, using: &random))
                if Bool.random(using: &random) {
                    lines.insert(line, at: Int.random(in: 0...lines.count, using: &random))
                }
                letters = Array(lines.joined(separator: ["\n"]))
            default: letters.removeLast(letters.count - place)
            }
        }
        var damaged = String.UnicodeScalarView()
        damaged.append(contentsOf: letters)
        return String(damaged)
    }
}
