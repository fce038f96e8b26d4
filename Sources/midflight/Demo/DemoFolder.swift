import Glibc

/// The demo's script and its shop, written to a temporary directory as they lie in a checkout.
struct DemoFolder {
    /// Why the demo cannot be shown.
    struct Failure: Error, CustomStringConvertible {
        /// What could not be made or written.
        var path: String
        /// An errno.
        var number: Int32

        /// One sentence with its remedy.
        var description: String {
            "\(path) cannot be written (\(String(cString: strerror(number)))): set TMPDIR to a directory that can be"
        }
    }

    /// Parents before what lies in them.
    private static let directories = ["scripts", "examples", "examples/shop", "examples/shop/shop"]
    /// Where each one lies, with the bytes that are built into the executable.
    private static let files: [(path: String, bytes: [UInt8])] = [
        ("scripts/demo.py", PackageResources.demo_py),
        ("scripts/shop_session.py", PackageResources.shop_session_py),
        ("examples/shop/serve.py", PackageResources.serve_py),
        ("examples/shop/shop/__init__.py", PackageResources.shop_init_py),
        ("examples/shop/shop/cart.py", PackageResources.cart_py),
        ("examples/shop/shop/catalogue.py", PackageResources.catalogue_py),
        ("examples/shop/shop/handlers.py", PackageResources.handlers_py),
        ("examples/shop/shop/hits.py", PackageResources.hits_py),
        ("examples/shop/shop/inventory.py", PackageResources.inventory_py),
        ("examples/shop/shop/prices.py", PackageResources.prices_py),
    ]

    /// Absolute if TMPDIR is; readable by its owner only (mkdtemp(3)).
    private let path: String

    /// The script that plays it.
    var script: String { path + "/scripts/demo.py" }

    /// Makes it below TMPDIR; leaves nothing if that fails.
    init() throws(Failure) {
        let parent = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array("\(parent)/midflight-demo-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(path: parent, number: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do throws(Failure) {
            for name in Self.directories where mkdir("\(path)/\(name)", 0o700) != 0 {
                throw Failure(path: "\(path)/\(name)", number: errno)
            }
            for file in Self.files { try Self.write(file.bytes, to: "\(path)/\(file.path)") }
        } catch {
            remove()
            throw error
        }
    }

    /// Nothing else is in it: the script starts the shop from a copy of its own, and the interpreter writes no caches.
    func remove() {
        for file in Self.files { unlink("\(path)/\(file.path)") }
        for name in Self.directories.reversed() { rmdir("\(path)/\(name)") }
        rmdir(path)
    }

    /// Never replaces a file; throws at the first byte that cannot be written.
    private static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failure(path: path, number: errno) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR {
                let number = errno
                close(file)
                throw Failure(path: path, number: number)
            }
            rest = rest.dropFirst(max(0, count))
        }
        guard close(file) == 0 else { throw Failure(path: path, number: errno) }
    }
}
