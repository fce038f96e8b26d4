/// The services that do not run and are looked for now, in the order of their turns.
struct Hunt {
    /// A process was found and is attached; the others wait for it.
    var isAttaching = false
    private var waiting: [Int] = []

    /// Numbers of services whose time has come. `missing`: all that do not run; the others are forgotten.
    mutating func add(_ numbers: [Int], of missing: MissingServices) {
        waiting.removeAll { missing.services[$0] == nil }
        waiting += numbers.filter { !waiting.contains($0) }
    }

    /// Whose turn it is, of those that are free; nil if nobody's.
    mutating func next(where isFree: (Int) -> Bool) -> Int? {
        guard !isAttaching, let index = waiting.firstIndex(where: isFree) else { return nil }
        return waiting.remove(at: index)
    }
}
