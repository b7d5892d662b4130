import Notices
import WorkingTime

extension Compiler {
    /// V19 (R17): a version of a linked procedure keeps the contract of those that link it and are in force with it.
    mutating func verifyUsers(_ procedure: Procedure) {
        for user in catalogue.procedures where user.name != procedure.name && overlaps(user) {
            for node in user.nodes {
                guard case .link(let link) = node.kind, link.procedure == procedure.name else { continue }
                checkEnds(procedure, user, node)
                checkInputs(procedure, user)
                checkFacts(procedure, user, link)
            }
        }
    }

    private mutating func checkEnds(_ procedure: Procedure, _ user: Procedure, _ node: Node) {
        if procedure.linkedStart == nil {
            log.error(
                .v19, at: draft["procedure"], "“\(user.name)” liên thông thủ tục này, mà ở đây thiếu “linked”.",
                "“\(user.name)” links this procedure, which does not say “linked: {start: …}”.")
        }
        let names = procedure.ends.map(\.name)
        for outcome in node.outcomes where outcome.name != "otherwise" && !names.contains(outcome.name) {
            log.error(
                .v19, at: draft["ends"], "“\(user.name)” chờ kết thúc “\(outcome.name)” mà bản này bỏ đi.",
                "“\(user.name)” waits for the end “\(outcome.name)”, which this version drops.")
        }
        guard node.outcome(named: "otherwise") == nil else { return }
        for end in names where node.outcome(named: end) == nil {
            log.error(
                .v19, at: draft["ends"]?[end], "“\(user.name)” không biết kết thúc “\(end)”.",
                "“\(user.name)” does not know the end “\(end)”, and has no “otherwise”.")
        }
    }

    private mutating func checkInputs(_ procedure: Procedure, _ user: Procedure) {
        for field in procedure.form {
            let given = user.form.first { $0.name == field.name }
            let isMissing = field.required && given?.required != true
            let isUnlike = given.map { !$0.type.fits(field.type) } ?? false
            guard isMissing || isUnlike else { continue }
            log.error(
                .v19, at: draft["form"]?[field.name], "Biểu mẫu của “\(user.name)” không có “\(field.name)” đúng kiểu.",
                "The form of “\(user.name)” does not give “\(field.name)” as it is asked for here.")
        }
    }

    private mutating func checkFacts(_ procedure: Procedure, _ user: Procedure, _ link: Link) {
        var read = Set(link.copies)
        for limit in link.limits { read.formUnion(limit.when?.facts ?? []) }
        let known = Set(facts.map(\.name)).union(readFields).union([Condition.channelFact])
        for name in read.subtracting(known).sorted() {
            log.error(
                .v19, at: draft["facts"] ?? draft["procedure"],
                "“\(user.name)” đọc dữ kiện “\(name)” mà bản này bỏ đi.",
                "“\(user.name)” reads the fact “\(name)”, which this version drops.")
        }
    }
}
