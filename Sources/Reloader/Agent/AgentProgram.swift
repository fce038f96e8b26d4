/// The Python sources in the binary, put together as they run.
///
/// Both lists are in the order of execution: a file's top level may use names of the files before it only, functions
/// may call any. A test compares the lists with the folders. What stands in both is in the agent's folder.
package enum AgentProgram {
    /// The agent: what every request needs, then what reads the process, then what changes it, then the conversation.
    package static let agent = join([
        PackageResources.base_channel_py, PackageResources.base_facts_py,
        PackageResources.base_objects_py,
        PackageResources.base_class_lines_py, PackageResources.base_code_py,
        PackageResources.base_calls_py,
        PackageResources.base_memory_py, PackageResources.base_function_versions_py,
        PackageResources.base_inherited_py,
        PackageResources.live_modules_py,
        PackageResources.live_inventory_py, PackageResources.live_find_py, PackageResources.live_locate_py,
        PackageResources.live_spaces_py, PackageResources.live_heap_py,
        PackageResources.live_walk_py, PackageResources.live_former_py, PackageResources.live_places_py,
        PackageResources.live_holders_py,
        PackageResources.live_compare_py, PackageResources.live_facts_py,
        PackageResources.patch_evaluate_py, PackageResources.patch_swap_py,
        PackageResources.patch_annotations_py, PackageResources.patch_copies_py,
        PackageResources.patch_stage_py, PackageResources.patch_dependents_py,
        PackageResources.patch_passed_py,
        PackageResources.patch_resolve_py, PackageResources.patch_others_py,
        PackageResources.patch_follow_py, PackageResources.patch_derived_py,
        PackageResources.patch_evaluated_py, PackageResources.patch_used_py,
        PackageResources.patch_tables_py,
        PackageResources.patch_inputs_py, PackageResources.patch_runs_py,
        PackageResources.patch_reads_py, PackageResources.patch_texts_py,
        PackageResources.patch_codes_py, PackageResources.patch_heirs_py,
        PackageResources.patch_metaclasses_py,
        PackageResources.patch_held_py,
        PackageResources.patch_captures_py, PackageResources.patch_kinds_py,
        PackageResources.patch_collected_py,
        PackageResources.patch_alike_py,
        PackageResources.adapt_typeguard_py, PackageResources.adapt_routes_py,
        PackageResources.adapt_options_py,
        PackageResources.adapt_controllers_py, PackageResources.adapt_cachetools_py,
        PackageResources.adapt_celery_py, PackageResources.adapt_starts_py,
        PackageResources.adapt_numba_py,
        PackageResources.adapt_jax_py, PackageResources.adapt_torch_py,
        PackageResources.patch_functions_py, PackageResources.patch_classes_py,
        PackageResources.patch_dataclasses_py, PackageResources.patch_made_py,
        PackageResources.patch_once_py,
        PackageResources.patch_values_py, PackageResources.patch_imports_py,
        PackageResources.patch_deletions_py, PackageResources.patch_hooks_py,
        PackageResources.patch_results_py,
        PackageResources.patch_lines_py, PackageResources.patch_burst_py,
        PackageResources.patch_late_py, PackageResources.patch_former_py,
        PackageResources.base_serve_py, PackageResources.base_wake_py,
    ])

    /// What tells the modules of a process and does nothing else: it is small, and there for an instant.
    package static let lookup = join([
        PackageResources.base_channel_py, PackageResources.base_facts_py,
        PackageResources.base_objects_py, PackageResources.live_modules_py,
        PackageResources.lookup_modules_py,
    ])

    /// What looks into the process; the agent loads it when it is first asked to look.
    package static let observer = join([
        PackageResources.observe_values_py, PackageResources.observe_objects_py,
        PackageResources.observe_guards_py, PackageResources.observe_operators_py,
        PackageResources.observe_calls_py,
        PackageResources.observe_look_py, PackageResources.observe_tree_py,
        PackageResources.observe_events_py, PackageResources.observe_trace_py,
        PackageResources.observe_drain_py, PackageResources.observe_probe_py,
        PackageResources.observe_record_py, PackageResources.observe_where_py,
        PackageResources.observe_names_py,
        PackageResources.observe_chains_py, PackageResources.observe_tasks_py,
        PackageResources.observe_frames_py,
        PackageResources.observe_locals_py,
    ])

    /// The compiler twin.
    package static let twin = join([
        PackageResources.twin_base_py, PackageResources.twin_syntax_py, PackageResources.base_facts_py,
        PackageResources.base_class_lines_py, PackageResources.base_code_py,
        PackageResources.base_memory_py, PackageResources.twin_calls_py,
        PackageResources.twin_expression_py, PackageResources.twin_lines_py,
        PackageResources.twin_reads_py, PackageResources.twin_around_py,
        PackageResources.twin_namespaces_py,
        PackageResources.twin_blocks_py, PackageResources.twin_fillings_py,
        PackageResources.twin_bindings_py,
        PackageResources.twin_more_py, PackageResources.twin_source_py, PackageResources.twin_statements_py,
        PackageResources.twin_annotations_py, PackageResources.twin_facts_py,
        PackageResources.twin_units_py, PackageResources.twin_attributes_py,
        PackageResources.twin_place_py, PackageResources.twin_probe_py,
        PackageResources.twin_observe_py,
        PackageResources.twin_work_py,
    ])

    private static func join(_ files: [[UInt8]]) -> ProgramText { ProgramText(files: files) }
}

/// A program of several files.
package struct ProgramText: Sendable {
    /// In the order in which they run.
    let files: [[UInt8]]

    /// The whole program. Made each time: most commands need none, as they were compiled before.
    package var bytes: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(files.reduce(0) { $0 + $1.count + 1 })
        for file in files {
            if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
            text += file
        }
        return text
    }
}
