/// When to look next: at equal distances from the first look on, whatever a look takes. All in nanoseconds.
struct LookPace {
    /// From look to look.
    let period: Int64
    /// Of the next look.
    private(set) var next: Int64

    /// The first look is due at once. `rate`: looks in a second.
    init(rate: Double, now: Int64) {
        period = Int64(1e9 / rate)
        next = now
    }

    /// A look has been made. How many of the following ones are too late to be had.
    mutating func advance(now: Int64) -> Int {
        next += period
        let late = max(0, (now - next) / period)
        next += late * period
        return Int(late)
    }
}
