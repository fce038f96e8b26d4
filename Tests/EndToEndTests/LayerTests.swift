import Foundation
import TestSupport
import Testing

@Suite("The house")
struct LayerTests {
    @Test("keeps its layers: who may import whom, file length, versions in one place")
    func layers() throws {
        #expect(
            try ProgramOutput.of("/usr/bin/env", "python3", Checkout.file("scripts/check-layers").path)
                .contains("in order"))
    }
}
