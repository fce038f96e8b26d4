import Foundation
import TestSupport
import Testing

@testable import Reloader

@Suite("A program's file that is being written")
struct BusyProgramTests {
    @Test("a program that is open for writing is started once it is closed; never closed, it is an error")
    func busy() throws {
        let folder = try TemporaryTree()
        try folder.write("#!/bin/sh\nexec sleep 0\n", to: "program")
        let path = folder.file("program").path
        #expect(chmod(path, 0o700) == 0)
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        #expect(descriptor >= 0)
        #expect(throws: LaunchedProgram.Failure.self) { try LaunchedProgram([path]) }
        let closer = Thread {
            usleep(50_000)
            close(descriptor)
        }
        closer.start()
        #expect(try LaunchedProgram([path]).wait() == 0)
    }
}
