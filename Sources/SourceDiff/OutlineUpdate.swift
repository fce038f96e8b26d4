/// An outline of the new text of a file, and what changed.
public struct OutlineUpdate: Sendable {
    /// Equal to a scan of the new text from scratch.
    public let outline: Outline
    /// The difference to the outline that was updated.
    public let changes: ChangeSet
}

extension Outline {
    /// The outline of `bytes`, the new text of the same file. Only the module-level statements and definitions that the
    /// edit touches are scanned; the others are moved. Costs a comparison of the texts and a copy of the records, and a
    /// full scan where the edit touches the first two lines or leaves no statement of the module in place.
    public func updating(
        to bytes: [UInt8], decode: (_ bytes: [UInt8], _ encoding: String) -> [UInt8]? = { _, _ in nil }
    ) throws(ScanError) -> Outline {
        try rescanned(bytes, EditWindow(from: storage.bytes, to: bytes), decode)
    }

    /// `updating` and the change set in one, which compares the two texts only once.
    public func changes(
        to bytes: [UInt8], decode: (_ bytes: [UInt8], _ encoding: String) -> [UInt8]? = { _, _ in nil }
    ) throws(ScanError) -> OutlineUpdate {
        let window = EditWindow(from: storage.bytes, to: bytes)
        let outline = try rescanned(bytes, window, decode)
        let isSameText = storage.isVerbatim && outline.storage.isVerbatim
        let changes = ChangeSet(from: self, to: outline, window: isSameText ? window : nil)
        return OutlineUpdate(outline: outline, changes: changes)
    }

    /// The outline itself if no byte differs; a splice where that is possible; else a full scan, which alone
    /// can throw.
    private func rescanned(
        _ bytes: [UInt8], _ window: EditWindow, _ decode: (_ bytes: [UInt8], _ encoding: String) -> [UInt8]?
    ) throws(ScanError) -> Outline {
        if window.isWhole, storage.isVerbatim { return self }
        if let parts = OutlineSplice(storage, bytes, window)?.parts() {
            return Outline(storage: OutlineStorage(SourceText(utf8: bytes, like: encoding), parts))
        }
        return try Outline(scanning: bytes, decode: decode)
    }
}
