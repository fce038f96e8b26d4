/// Finds renames and moves: an added and a removed definition with the same body, or the same name in another scope.
struct Similarity {
    /// The source before the edit.
    let old: CanonicalTokens
    /// The source after it.
    let new: CanonicalTokens

    /// Pairs what is gone with what is new where the bodies are alike.
    func mark(_ changes: inout [DefinitionChange]) {
        let added = changes.indices.filter { changes[$0].aspects.contains(.added) }
        let removed = changes.indices.filter { changes[$0].aspects.contains(.removed) }
        guard !added.isEmpty, !removed.isEmpty else { return }
        var byBody: [[UInt8]: Int] = [:]
        var byName: [[UInt8]: Int] = [:]
        for position in removed.reversed() {
            let index = Int(changes[position].oldIndex)
            byBody[old.content(of: index)] = position
            byName[old.storage.nameBytes(of: index)] = position
        }
        for position in added {
            let index = Int(changes[position].newIndex)
            let same = byBody[new.content(of: index)].flatMap { changes[$0].similarIndex < 0 ? $0 : nil }
            let candidate = same ?? byName[new.storage.nameBytes(of: index)]
            guard let match = candidate, changes[match].similarIndex < 0,
                changes[match].kind == changes[position].kind
            else { continue }
            changes[position].similarIndex = changes[match].oldIndex
            changes[match].similarIndex = changes[position].newIndex
            guard same != nil else { continue }
            changes[position].aspects.insert(.moved)
            changes[match].aspects.insert(.moved)
        }
    }
}

extension CanonicalTokens {
    /// Parameters and body, without the name.
    func content(of index: Int) -> [UInt8] {
        let record = storage.definitions[index]
        return bytes(of: Int(record.nameEnd)..<Int(record.colon))
            + bytes(of: Int(record.bodyStart)..<Int(record.end))
    }
}
