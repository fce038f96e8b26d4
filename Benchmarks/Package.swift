// swift-tools-version: 6.1
import PackageDescription

let sourceDiff: Target.Dependency = .product(name: "SourceDiff", package: "midflight")

let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "midflight", path: "..")],
    targets: [
        .executableTarget(name: "SourceDiffBenchmark", dependencies: [sourceDiff]),
        .executableTarget(name: "SourceDiffFuzz", dependencies: [sourceDiff]),
    ],
    swiftLanguageModes: [.v6]
)
