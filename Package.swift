// swift-tools-version: 6.2
import PackageDescription

/// Applied to every target: each upcoming feature here is one that Swift 7 is announced to switch on.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "midflight",
    products: [
        .library(name: "SourceDiff", targets: ["SourceDiff"]),
        .executable(name: "midflight", targets: ["midflight"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        .target(name: "SourceDiff", swiftSettings: settings),
        .target(
            name: "Watcher",
            dependencies: ["CLinuxShims", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: settings),
        .target(name: "CLinuxShims"),
        .target(name: "Profiles", swiftSettings: settings),
        .target(
            name: "Reloader",
            dependencies: [
                "CLinuxShims", "SourceDiff", .product(name: "SystemPackage", package: "swift-system"),
            ],
            resources: [
                .embedInCode("Resources/agent"), .embedInCode("Resources/observer"),
                .embedInCode("Resources/lookup"), .embedInCode("Resources/twin"),
                .embedInCode("Resources/witness"),
            ],
            swiftSettings: settings),
        .target(
            name: "Reconciler",
            dependencies: [
                "SourceDiff", "Watcher", "Reloader", .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: settings),
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(name: "Configuration", dependencies: ["CLibYAML"], swiftSettings: settings),
        .executableTarget(
            name: "midflight",
            dependencies: [
                "Configuration", "Profiles",
                "Reconciler", "Reloader", "SourceDiff", "Watcher",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            resources: [.embedInCode("Resources/demo")],
            swiftSettings: settings),
        .testTarget(
            name: "SourceDiffTests", dependencies: ["SourceDiff", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "WatcherTests", dependencies: ["Watcher"], swiftSettings: settings),
        .testTarget(
            name: "ReloaderTests", dependencies: ["Reloader", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "ProfilesTests", dependencies: ["Profiles"], swiftSettings: settings),
        .testTarget(name: "ConfigurationTests", dependencies: ["Configuration"], swiftSettings: settings),
        .testTarget(
            name: "ReconcilerTests", dependencies: ["Reconciler", "TestSupport"], swiftSettings: settings),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests", dependencies: ["midflight", "Profiles", "TestSupport"],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
