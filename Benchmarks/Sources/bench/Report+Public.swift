/// The tables of the public side.
extension ReportText {
    var lookUpTable: String {
        var lines = [
            "## Look-ups, \(about["stored"]) dossiers stored, 32 connections", "",
            "\(about["notices"]) notices, \(about["feed-size"]) with their indexes. Pictures in memory: \(about["shelf"]) MB, "
                + "read ahead within \(about["read-ahead"]) s of the server's start.", "",
            "| what | a second | p50 ms | p99 ms | ÷ empty handler | errors | cores: server, PostgreSQL, load, stolen |",
            "|---|--:|--:|--:|--:|--:|--:|",
        ]
        let kinds = [
            ("json", "`/v1/progress/{code}`, 2,000 codes"), ("unchanged", "the same, If-None-Match: 304"),
            ("hot", "the same, 32 codes, 200"), ("page", "the page of a dossier, 2,000 codes"),
            ("all", "`/v1/progress/{code}`, evenly over all"), ("all-page", "the page, evenly over all"),
            ("tables", "JSON, evenly over all, nothing read ahead"),
            ("tables-page", "the page, evenly over all, nothing read ahead"),
            ("json-half", "JSON, 2,000 codes, at half of 60 % of the empty handler's rate"),
            ("page-half", "the page, 2,000 codes, at half of 60 % of the empty handler's rate"),
            ("empty-half", "empty Hummingbird handler, at half of 60 % of its rate"),
            ("look-ups-empty", "empty Hummingbird handler"),
        ]
        let empty = measurements.all("look-ups-empty", 32, "rate")
        for (phase, title) in kinds {
            let rates = measurements.all(phase, 32, "rate")
            lines.append(
                row([
                    title, spread(phase, 32, "rate", 0), middle(phase, 32, "p50", 1), each(phase, 32, "p99", 1),
                    Measurements.spread(measurements.quotients(rates, empty), 2),
                    Decimals.text(measurements.sum(phase, 32, "errors"), 0),
                    ["server", "postgres", "load", "stolen"].map { middle(phase, 32, "cores-\($0)", 2) }.joined(
                        separator: ", "),
                ]))
        }
        return (lines + [""]).joined(separator: "\n")
    }

    /// The middle value, and where there are several all of them in the order in which they were measured.
    private func each(_ phase: String, _ level: Int, _ name: String, _ digits: Int) -> String {
        let values = measurements.all(phase, level, name).map { Decimals.text($0.value, digits) }
        let middle = middle(phase, level, name, digits)
        return values.count > 1 ? "\(middle) (\(values.joined(separator: ", ")))" : middle
    }

    var generator: String {
        let wrk = measurements.median("wrk-empty", 32, "rate")
        let other = wrk.map { "; wrk reached \(Decimals.text($0, 0)) a second there" } ?? ""
        return """
            p99: the median, and in parentheses each measurement. Look-ups at a steady rate are sent when their time has come, \
            whatever the server does, and their time counts from then; they are measured in turn, five times in each round; the others in five passes, of which each has an empty handler to divide by. The load generator's own ceiling beside a server on the same cores is the empty handler's row: \
            \(spread("look-ups-empty", 32, "rate", 0)) requests a second\(other).

            """
    }

    var statistics: String {
        """
        ## Statistics pages

        First requests: each address once in eleven seconds, so that none is remembered; over \(about["counters"]) counters. What all eleven \
        months tell was published within \(about["published"]) s of their counters.

        | what | requests | p50 ms | p95 ms | p99 ms | at most ms |
        |---|--:|--:|--:|--:|--:|
        \(statisticsRow("pages, forms, workbooks and JSON of eleven months", "statistics"))
        \(statisticsRow("of two open months, while 100 tasks a second change them", "statistics-open"))

        """
    }

    private func statisticsRow(_ title: String, _ phase: String) -> String {
        let count = Decimals.text(measurements.sum(phase, 4, "answers"), 0)
        return row([title, count] + ["p50", "p95", "p99", "most"].map { middle(phase, 4, $0, 1) })
    }

    var arrivals: String {
        """
        ## From a step to its page

        At \(spread("arrivals-tasks", 128, "rate", 0)) tasks completed a second through the engine, from the answer to a \
        dossier's last task until `/v1/progress/{code}` says that it has ended: p50 \
        \(middle("arrivals", 128, "p50", 0)) ms, p95 \(spread("arrivals", 128, "p95", 0)) ms, p99 \
        \(middle("arrivals", 128, "p99", 0)) ms, at most \(middle("arrivals", 128, "most", 0)) ms, of \
        \(Decimals.text(measurements.sum("arrivals", 128, "answers"), 0)) dossiers looked up every twenty milliseconds.

        """
    }

    var memory: String {
        let levels = [10_000, 1_000].filter { measurements.median("streams", $0, "open") != nil }
        let streams = levels.map { level in
            "\(middle("streams", level, "open", 0)) live connections to a process that serves only the public side "
                + "(`motcua feed`): \(middle("streams", level, "resident", 0)) MB resident with them, "
                + "\(middle("streams", level, "before", 0)) MB before; "
                + "\(middle("streams", level, "heard", 0)) had a sign of life within seventeen seconds.\n\n"
        }.joined()
        return """
            ## Memory

            Server process after the rounds of tasks: \(middle("memory", 0, "resident", 0)) MB resident, at most \
            \(middle("memory", 0, "highest", 0)) MB; after the look-ups \(middle("memory-public", 0, "resident", 0)) MB (VmRSS, \
            VmHWM; PostgreSQL apart).

            \(streams)
            """
    }
}
