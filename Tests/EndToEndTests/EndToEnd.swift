import Testing

/// Everything that starts real processes, one test at a time: each measures what another one would disturb.
@Suite("End to end", .serialized)
struct EndToEnd {}
