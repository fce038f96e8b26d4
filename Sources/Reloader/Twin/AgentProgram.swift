/// The Python sources in the binary, put together as they run.
///
/// Each list is its folder in name order; the agent's `code.py` is also a part of the twin, after its first file. A test
/// compares both lists with the folders.
package enum AgentProgram {
    package static let agent = join([
        PackageResources.channel_py, PackageResources.classes_py, PackageResources.code_py,
        PackageResources.compare_py,
        PackageResources.evaluate_py, PackageResources.find_py, PackageResources.functions_py,
        PackageResources.hooks_py, PackageResources.imports_py, PackageResources.inherited_py,
        PackageResources.inventory_py,
        PackageResources.leaving_py, PackageResources.locate_py, PackageResources.naming_py,
        PackageResources.patch_py,
        PackageResources.relines_py,
        PackageResources.serve_py, PackageResources.swap_py, PackageResources.versions_py,
        PackageResources.wake_py,
    ])

    package static let twin = join([
        PackageResources.twin_base_py, PackageResources.code_py, PackageResources.twin_calls_py,
        PackageResources.twin_lines_py,
        PackageResources.twin_more_py, PackageResources.twin_source_py, PackageResources.twin_statements_py,
        PackageResources.twin_units_py, PackageResources.twin_work_py,
    ])

    private static func join(_ files: [[UInt8]]) -> [UInt8] {
        Array(files.joined(separator: [UInt8(ascii: "\n")]))
    }
}
