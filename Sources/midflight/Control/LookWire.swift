import Reloader

/// Looks and their answers as JSON, on the control socket and for `--json`.
enum LookWire {
    /// What a request says of a look.
    static func members(_ look: Look) -> [(String, JSON)] {
        var members: [(String, JSON)] = [
            ("do", "look"), ("module", .string(look.module)), ("class", .optional(look.className)),
            ("expression", .string(look.expression)), ("depth", .integer(look.depth)),
            ("verbose", .bool(look.isVerbose)), ("redact", .bool(look.redacts)),
            ("allow_calls", .bool(look.allowsCalls)), ("raw", .bool(look.isRaw)),
        ]
        switch look.subject {
        case .value(_, _, let field): members.append(("field", .string(field)))
        case .instances(_, _, let limit, let isExact):
            members += [("limit", .integer(limit)), ("exact", .bool(isExact))]
        }
        return members
    }

    /// Nil if it is no look.
    static func look(_ value: JSON) -> Look? {
        guard let module = value["module"]?.text, let expression = value["expression"]?.text,
            let depth = value["depth"]?.integer, (-1...100).contains(depth)
        else { return nil }
        let className = value["class"]?.text
        let subject: Look.Subject
        if let field = value["field"]?.text {
            subject = .value(module: module, className: className, field: field)
        } else if let limit = value["limit"]?.integer, let className {
            subject = .instances(
                module: module, className: className, limit: limit, isExact: value["exact"]?.flag ?? false)
        } else {
            return nil
        }
        var look = Look(subject, expression: expression, depth: depth)
        look.isVerbose = value["verbose"]?.flag ?? false
        look.redacts = value["redact"]?.flag ?? true
        look.allowsCalls = value["allow_calls"]?.flag ?? false
        look.isRaw = value["raw"]?.flag ?? false
        return look
    }

    /// What is answered to it.
    static func members(_ answer: LookAnswer) -> [(String, JSON)] {
        switch answer {
        case .value(let type, let text, let instances):
            var members: [(String, JSON)] = [
                ("ok", .bool(true)), ("type", .string(type)), ("text", .string(text)),
            ]
            if let instances {
                members += [
                    ("instances", .integer(instances.total)), ("frozen", .integer(instances.frozen)),
                    ("pause_ns", .integer(instances.pause)),
                ]
            }
            return members
        case .absent(let part): return [("ok", .bool(false)), ("absent", .string(part.rawValue))]
        case .failed(let reason, let message):
            return [("ok", .bool(false)), ("reason", .string(reason)), ("message", .string(message))]
        case .collected(let count, let pause):
            return [("ok", .bool(true)), ("freed", .integer(count)), ("pause_ns", .integer(pause))]
        }
    }

    /// Nil if it is no answer to a look.
    static func answer(_ value: JSON) -> LookAnswer? {
        guard value["answer"]?.text == "look" else { return nil }
        if let freed = value["freed"]?.integer {
            return .collected(count: freed, pause: value["pause_ns"]?.integer ?? 0)
        }
        if let part = value["absent"]?.text { return LookAnswer.Absence(rawValue: part).map { .absent($0) } }
        if let reason = value["reason"]?.text, let message = value["message"]?.text {
            return .failed(reason: reason, message: message)
        }
        guard let type = value["type"]?.text, let text = value["text"]?.text else { return nil }
        let instances = value["instances"]?.integer.map { total in
            LookAnswer.Instances(
                total: total, pause: value["pause_ns"]?.integer ?? 0, frozen: value["frozen"]?.integer ?? 0)
        }
        return .value(type: type, text: text, instances: instances)
    }
}
