/// A value in the subset of CPython's marshal format, version 2, that midflight speaks with its agent and its twin.
///
/// Code objects travel only as opaque bytes inside of `.bytes`: Swift never looks into them.
package enum MarshalValue: Sendable, Hashable {
    /// Python's `None`.
    case none
    case bool(Bool)
    /// Python's `int`, as far as 64 bits go.
    case int(Int64)
    /// Eight bytes on the wire, as IEEE 754 has it.
    case float(Double)
    /// A `str`, as UTF-8 on the wire.
    case string(String)
    /// Also code objects, which Swift does not look into.
    case bytes([UInt8])
    /// Told from a list on the wire; readers take both.
    case tuple([MarshalValue])
    case list([MarshalValue])
    /// In the order of the other side. Keys may repeat; the last one counts.
    case dict([Entry])

    /// One entry of a dict. Python's dicts keep their order, and so do ours.
    package struct Entry: Sendable, Hashable {
        /// Any value; of what we send, a string.
        package var key: MarshalValue
        /// Any value.
        package var value: MarshalValue

        /// Makes an entry; nothing checks that its key is the only one.
        package init(key: MarshalValue, value: MarshalValue) {
            self.key = key
            self.value = value
        }
    }
}

extension MarshalValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    /// A `str`.
    package init(stringLiteral value: String) { self = .string(value) }
    /// An `int` of up to 64 bits.
    package init(integerLiteral value: Int64) { self = .int(value) }
    /// `True` or `False`.
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension MarshalValue: ExpressibleByDictionaryLiteral {
    /// A `dict` with `str` keys, in the order of the source.
    package init(dictionaryLiteral elements: (String, MarshalValue)...) {
        self = .dict(elements.map { Entry(key: .string($0.0), value: $0.1) })
    }
}

/// Reading: a missing or differently typed value is nil, never a trap.
extension MarshalValue {
    /// The value of a `str` key; nil if this is no dict or has no such key.
    package subscript(key: String) -> MarshalValue? {
        guard case .dict(let entries) = self else { return nil }
        return entries.last { $0.key == .string(key) }?.value
    }

    /// The items of a tuple or list; nil if it is neither.
    package var items: [MarshalValue]? {
        switch self {
        case .tuple(let items), .list(let items): items
        case .none, .bool, .int, .float, .string, .bytes, .dict: nil
        }
    }

    /// The text of a `str`; nil for anything else.
    package var text: String? { if case .string(let text) = self { text } else { nil } }
    /// The bytes of a `bytes`; nil for anything else.
    package var data: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
    /// An `int` that fits; nil for anything else, also for a `bool`.
    package var integer: Int? { if case .int(let value) = self { Int(value) } else { nil } }
    /// An `int` or `float` as a Double; nil for anything else.
    package var number: Double? {
        switch self {
        case .float(let value): value
        case .int(let value): Double(value)
        case .none, .bool, .string, .bytes, .tuple, .list, .dict: nil
        }
    }
    /// A `bool`; nil for anything else.
    package var flag: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// A list of `str`.
    package static func strings(_ texts: [String]) -> MarshalValue { .list(texts.map { .string($0) }) }
    /// A `str`, or `None`.
    package static func optional(_ text: String?) -> MarshalValue { text.map { .string($0) } ?? .none }
}
