import Reloader
import SystemPackage
import Testing

@Suite("EmbeddedPython")
struct EmbeddedPythonTests {
    @Test(
        "is told by what is mapped of an installation",
        arguments: [
            ("/usr/lib/python3.11/lib-dynload/mmap.cpython-311-x86_64-linux-gnu.so", "/usr/bin/python3.11"),
            ("/opt/lib/py/lib/python3.13t/lib-dynload/math.so", "/opt/lib/py/bin/python3.13"),
            ("/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0", "/usr/bin/python3.11"),
            ("/usr/lib64/libpython3.9.so.1.0", "/usr/bin/python3.9"),
            ("/srv/my app/lib/libpython3.12.so.1.0 (deleted)", "/srv/my app/bin/python3.12"),
        ])
    func found(file: String, interpreter: String) {
        #expect(EmbeddedPython(map: map(file))?.interpreter.string == interpreter)
    }

    @Test(
        "other files are no sign of it",
        arguments: [
            "/usr/sbin/nginx", "/usr/lib/libpython3.so", "/usr/lib/python3/dist-packages/x.so", "[heap]",
            "/usr/lib/python3.11/site-packages/numpy/core.so", "/libpython3.11.so.1.0", "/usr/lib", "",
        ])
    func none(file: String) { #expect(EmbeddedPython(map: map(file)) == nil) }

    @Test(
        "a program that carries its own is frozen",
        arguments: [
            ("/tmp/_MEIx8Y2/libpython3.11.so.1.0", true), ("/opt/serve/_internal/libpython3.12.so.1.0", true),
            ("/usr/lib/libpython3.11.so.1.0", false), ("/srv/_internal/lib/libpython3.11.so.1.0", false),
            ("/tmp/_MEIx8Y2/libz.so.1", false), ("libpython3.11.so", false),
        ])
    func frozen(file: String, isFrozen: Bool) { #expect(EmbeddedPython.isFrozen(map: map(file)) == isFrozen) }

    private func map(_ file: String) -> MemoryMap {
        MemoryMap(
            text: Array("1000-2000 r-xp 0 fd:01 7   /bin/host\n3000-4000 r--p 0 fd:01 9 \(file)".utf8))
    }
}
