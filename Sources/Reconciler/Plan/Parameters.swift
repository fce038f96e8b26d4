/// Where the parts of a function's parameters stand in its signature.
///
/// Where strings or comments are among them, all counts as a default.
struct Parameters {
    /// Where the names begin.
    private(set) var names: Set<Int> = []
    /// From the equals sign to the comma, or to the end.
    private(set) var defaults: [Range<Int>] = []

    /// `signature`: from its first parenthesis or bracket on.
    init(in signature: ArraySlice<UInt8>) {
        if signature.contains(where: { "'\"#".utf8.contains($0) }) {
            defaults = [signature.startIndex..<signature.endIndex]
            return
        }
        var depth = 0
        var isNameDue = false
        var fallback: Int?
        for index in signature.indices {
            let byte = signature[index]
            switch byte {
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                isNameDue = depth == 1 && byte == UInt8(ascii: "(")
            case UInt8(ascii: ","), UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                let isEnd = depth == 1
                if byte != UInt8(ascii: ",") { depth -= 1 }
                isNameDue = isEnd && depth == 1
                guard isEnd, let start = fallback else { continue }
                defaults.append(start..<index)
                fallback = nil
            case UInt8(ascii: "=") where depth == 1 && fallback == nil: fallback = index
            case UInt8(ascii: "*"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"),
                UInt8(ascii: "\n"):
                break
            default:
                if isNameDue { names.insert(index) }
                isNameDue = false
            }
        }
        if let start = fallback { defaults.append(start..<signature.endIndex) }
    }
}
