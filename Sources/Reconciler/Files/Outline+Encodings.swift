package import SourceDiff

extension Outline {
    /// Scans a source in any encoding that the scanner or the C library knows.
    package init(reading bytes: [UInt8]) throws(ScanError) {
        try self.init(scanning: bytes, decode: EncodingConverter.utf8)
    }
}
