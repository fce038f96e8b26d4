/// A value in the subset of CPython's marshal format, version 2, that midflight speaks with its agent and its twin.
///
/// Code objects travel only as opaque bytes inside of `.bytes`: Swift never looks into them.
package enum MarshalValue: Sendable, Hashable {
    case none
    case bool(Bool)
    case int(Int64)
    case float(Double)
    case string(String)
    case bytes([UInt8])
    case tuple([MarshalValue])
    case list([MarshalValue])
    /// In the order of the other side. Keys may repeat; the last one counts.
    case dict([Entry])

    package struct Entry: Sendable, Hashable {
        package var key: MarshalValue
        package var value: MarshalValue

        package init(key: MarshalValue, value: MarshalValue) {
            self.key = key
            self.value = value
        }
    }
}

extension MarshalValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension MarshalValue: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, MarshalValue)...) {
        self = .dict(elements.map { Entry(key: .string($0.0), value: $0.1) })
    }
}

/// Reading: a missing or differently typed value is nil, never a trap.
extension MarshalValue {
    package subscript(key: String) -> MarshalValue? {
        guard case .dict(let entries) = self else { return nil }
        return entries.last { $0.key == .string(key) }?.value
    }

    package var items: [MarshalValue]? {
        switch self {
        case .tuple(let items), .list(let items): items
        case .none, .bool, .int, .float, .string, .bytes, .dict: nil
        }
    }

    package var text: String? { if case .string(let text) = self { text } else { nil } }
    package var data: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
    package var integer: Int? { if case .int(let value) = self { Int(value) } else { nil } }
    package var number: Double? {
        switch self {
        case .float(let value): value
        case .int(let value): Double(value)
        case .none, .bool, .string, .bytes, .tuple, .list, .dict: nil
        }
    }
    package var flag: Bool? { if case .bool(let value) = self { value } else { nil } }

    package static func strings(_ texts: [String]) -> MarshalValue { .list(texts.map { .string($0) }) }
    package static func optional(_ text: String?) -> MarshalValue { text.map { .string($0) } ?? .none }
}
