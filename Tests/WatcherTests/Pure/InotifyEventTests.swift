import Testing

@testable import Watcher

@Suite("The inotify queue")
struct InotifyEventTests {
    private func record(_ watch: Int32, _ mask: EventMask, cookie: UInt32 = 0, name: String = "") -> [UInt8] {
        let padding = name.isEmpty ? 0 : 16 - name.utf8.count % 16
        let padded = Array(name.utf8) + Array(repeating: 0, count: padding)
        var bytes: [UInt8] = []
        for word in [UInt32(bitPattern: watch), mask.rawValue, cookie, UInt32(padded.count)] {
            withUnsafeBytes(of: word) { bytes += $0 }
        }
        return bytes + padded
    }

    private func decode(_ bytes: [UInt8]) -> [InotifyEvent] { bytes.withUnsafeBytes(InotifyEvent.decode) }

    @Test("records follow one another, with and without a name")
    func records() {
        let events = decode(
            record(1, .closeWrite, name: "a.py") + record(2, .deleteSelf)
                + record(1, .movedTo, cookie: 7, name: "a_name_of_16_by."))
        #expect(events.map(\.name) == [EntryName("a.py"), nil, EntryName("a_name_of_16_by.")])
        #expect(events.map(\.watch?.rawValue) == [1, 2, 1])
        #expect(events.map(\.cookie) == [0, 0, 7])
    }

    @Test("an overflow belongs to no watch")
    func overflow() {
        let events = decode(record(-1, .overflow))
        #expect(events == [InotifyEvent(watch: nil, mask: .overflow, cookie: 0, name: nil)])
    }

    @Test("a torn record is left out", arguments: [1, 15, 16, 24])
    func torn(length: Int) {
        let whole = record(1, .create, name: "a.py")
        #expect(decode(whole + whole.prefix(length)).count == 1)
    }
}

@Suite("What an event means")
struct EventMeaningTests {
    private static let directory = DirectoryID(rawValue: 3)
    private static let file = FileKey(directory: directory, name: EntryName("a.py"))
    private static let name = EntryName("sub")

    struct Row: Sendable {
        let mask: EventMask
        let name: EntryName?
        let meaning: [EventMeaning]
    }

    static let rows = [
        Row(mask: .closeWrite, name: file.name, meaning: [.closed(file)]),
        Row(mask: .movedTo, name: file.name, meaning: [.movedHere(file)]),
        Row(mask: .create, name: file.name, meaning: [.created(file)]),
        Row(mask: .delete, name: file.name, meaning: [.gone(file)]),
        Row(mask: .movedFrom, name: file.name, meaning: [.gone(file)]),
        Row(
            mask: [.create, .isDirectory], name: name, meaning: [.directoryCame(directory, name, cookie: 9)]),
        Row(
            mask: [.movedTo, .isDirectory], name: name, meaning: [.directoryCame(directory, name, cookie: 9)]),
        Row(
            mask: [.movedFrom, .isDirectory], name: name,
            meaning: [.directoryLeft(directory, name, cookie: 9)]),
        Row(mask: [.delete, .isDirectory], name: name, meaning: [.directoryGone(directory, name)]),
        Row(mask: .deleteSelf, name: nil, meaning: [.watchLost(directory)]),
        Row(mask: [.unmount, .isDirectory], name: nil, meaning: [.watchLost(directory)]),
        Row(mask: .moveSelf, name: nil, meaning: [.moved(directory)]),
        Row(
            mask: .closeWrite, name: GitignoreFiles.name,
            meaning: [
                .rulesChanged(directory), .closed(FileKey(directory: directory, name: GitignoreFiles.name)),
            ]),
    ]

    @Test("each event of a directory has one meaning", arguments: rows)
    func meaning(row: Row) {
        let event = InotifyEvent(
            watch: WatchID(rawValue: 1), mask: row.mask, cookie: 9, name: row.name)
        let meaning = event.meanings(in: EventMeaningTests.directory, respectsGitignore: true)
        #expect(meaning == row.meaning)
    }
}
