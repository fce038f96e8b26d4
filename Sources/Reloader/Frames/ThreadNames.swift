/// The names that `threading` has given its threads, read from outside.
///
/// The first function of such a thread is `threading.Thread._bootstrap(self)`; the name is the attribute `_name` of the
/// thread object that it was called with.
struct ThreadNames {
    /// Reads many places in one system call.
    let reader: VectorReader
    /// Reads texts.
    let names: CodeNames
    /// Where the version keeps the attributes of objects.
    let layout: FrameLayout

    private static let attribute = "_name"
    private static let mostKeys: UInt64 = 4096

    /// Nil if it cannot be told. `frame`: the thread's first one.
    func name(of frame: StackReader.RawFrame) -> String? {
        guard let local = reader.word(at: frame.address &+ layout.frame.locals),
            let type = reader.word(at: (local & ~7) &+ 8),
            let value = attribute(of: local & ~7, type: type)
        else { return nil }
        return names.text(value)
    }

    private func attribute(of object: UInt64, type: UInt64) -> UInt64? {
        switch layout.instance.form {
        case .dictionary:
            // A negative offset counts from the end of objects of variable size, which no thread is.
            guard let offset = reader.word(at: type &+ 288), offset > 0, offset < 4096 else { return nil }
            return reader.word(at: object &+ offset).flatMap(inDictionary)
        case .valuesBefore:
            if let dictionary = reader.word(at: object &- 24), dictionary != 0 {
                return inDictionary(dictionary)
            }
            return reader.word(at: object &- 32).flatMap { inValues($0, type: type) }
        case .taggedBefore:
            guard let word = reader.word(at: object &- 24) else { return nil }
            return word & 1 == 1 ? inValues(word &+ 1, type: type) : inDictionary(word)
        case .inline:
            guard let size = reader.word(at: type &+ 32), size < 4096,
                let head = reader.word(at: object &+ size)
            else { return nil }
            if head >> 24 & 1 == 1, let found = inValues(object &+ size &+ 8, type: type) { return found }
            return reader.word(at: object &- 24).flatMap(inDictionary)
        }
    }

    /// `values`: where the first value is.
    private func inValues(_ values: UInt64, type: UInt64) -> UInt64? {
        guard let keys = reader.word(at: type &+ layout.instance.sharedKeys), keys != 0,
            let found = entry(in: keys), found.isShared
        else { return nil }
        return reader.word(at: values &+ 8 * found.index).flatMap { $0 == 0 ? nil : $0 }
    }

    private func inDictionary(_ dictionary: UInt64) -> UInt64? {
        guard dictionary != 0, let keys = reader.word(at: dictionary &+ 32),
            let values = reader.word(at: dictionary &+ 40), let found = entry(in: keys)
        else { return nil }
        guard values != 0 else { return found.value }
        let first = layout.instance.form == .inline ? values &+ 8 : values
        return reader.word(at: first &+ 8 * found.index).flatMap { $0 == 0 ? nil : $0 }
    }

    /// The entry of the attribute in a table of keys, in the order in which they came in.
    private func entry(in keys: UInt64) -> (index: UInt64, value: UInt64?, isShared: Bool)? {
        guard let (first, stride, count, isShared) = entries(of: keys), count <= Self.mostKeys else {
            return nil
        }
        for index in 0..<count {
            let place = first &+ index &* stride
            let isWide = stride == 24
            guard let key = reader.word(at: place &+ (isWide ? 8 : 0)) else { return nil }
            if key != 0, names.text(key) == Self.attribute {
                return (index, reader.word(at: place &+ (isWide ? 16 : 8)), isShared)
            }
        }
        return nil
    }

    /// Where the entries begin, the bytes of one, how many are in use, and whether instances share them.
    private func entries(of keys: UInt64) -> (first: UInt64, stride: UInt64, count: UInt64, isShared: Bool)? {
        switch layout.instance.keysForm {
        case .sized:
            guard let size = reader.word(at: keys &+ 8), let count = reader.word(at: keys &+ 32) else {
                return nil
            }
            let width: UInt64 = size <= 0xff ? 1 : size <= 0xffff ? 2 : 4
            return (keys &+ 40 &+ size &* width, 24, count, true)
        case .logarithmic:
            guard let head = reader.word(at: keys &+ 8), let count = reader.word(at: keys &+ 24) else {
                return nil
            }
            let (indices, kind) = (head >> 8 & 0xff, head >> 16 & 0xff)
            guard indices < 32, kind <= 2 else { return nil }
            return (keys &+ 32 &+ 1 << indices, kind == 0 ? 24 : 16, count, kind == 2)
        }
    }
}
