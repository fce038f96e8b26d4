import Foundation
import SourceDiff

/// Writes every slice of a corpus for `check-slices.py`: a line of JSON, then the slice's bytes.
enum SliceDump {
    private struct Head: Encodable {
        var file: String
        var name: String
        var qualname: String
        var firstLine: Int
        var defLine: Int
        var isWholeFile: Bool
        var features: [String]
        var length: Int
    }

    static func write(_ corpus: Corpus) {
        let encoder = JSONEncoder()
        for (path, text) in zip(corpus.paths, corpus.texts) {
            guard let outline = try? Outline(scanning: text) else { continue }
            var output = Data()
            var written: Set<Int> = []
            for definition in outline.definitions {
                let slice = outline.slice(of: definition.index)
                guard written.insert(slice.definition).inserted else { continue }
                let root = outline.definitions[slice.definition]
                let head = Head(
                    file: path, name: root.name, qualname: root.qualname, firstLine: root.firstLine,
                    defLine: root.defLine,
                    isWholeFile: slice.isWholeFile, features: slice.futureFlags.pythonNames,
                    length: slice.isWholeFile ? 0 : slice.source.count)
                guard let line = try? encoder.encode(head) else { continue }
                output += line + Data([0x0A])
                if !slice.isWholeFile { output += Data(slice.source) }
            }
            FileHandle.standardOutput.write(output)
        }
    }
}
