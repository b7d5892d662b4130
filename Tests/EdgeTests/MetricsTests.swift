import CoreMetrics
import Edge
import Testing

@Suite struct MetricsTests {
    @Test func `the text is what Prometheus reads`() {
        let registry = PrometheusRegistry()
        Counter(label: "store.commits", dimensions: [("province", "01"), ("a b", "x\"\\\n")], factory: registry)
            .increment(by: 3)
        Meter(label: "queue.length", factory: registry).set(2.5)
        let timer = Timer(label: "batch.duration", factory: registry)
        timer.recordNanoseconds(400_000)
        timer.recordNanoseconds(2_000_000_000)
        timer.recordNanoseconds(60_000_000_000)
        let text = String(decoding: registry.render(), as: UTF8.self)
        #expect(
            text.contains(
                "# TYPE store_commits_total counter\nstore_commits_total{a_b=\"x\\\"\\\\\\n\",province=\"01\"} 3\n"))
        #expect(text.contains("# TYPE queue_length gauge\nqueue_length 2.5\n"))
        #expect(text.contains("batch_duration_seconds_bucket{le=\"0.0005\"} 1\n"))
        #expect(text.contains("batch_duration_seconds_bucket{le=\"2.5\"} 2\n"))
        #expect(text.contains("batch_duration_seconds_bucket{le=\"30\"} 2\n"))
        #expect(text.contains("batch_duration_seconds_bucket{le=\"+Inf\"} 3\n"))
        #expect(text.contains("batch_duration_seconds_sum 62.0004\n"))
        #expect(text.contains("batch_duration_seconds_count 3\n"))
        #expect(text.hasSuffix("motcua_metrics_dropped_series_total 0\n"))
    }

    @Test func `the same name and labels are one series`() {
        let registry = PrometheusRegistry()
        Counter(label: "x", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
        Counter(label: "x_total", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
        #expect(String(decoding: registry.render(), as: UTF8.self).contains("x_total{a=\"1\",b=\"2\"} 2\n"))
    }

    @Test func `series are bounded and the dropped ones counted`() {
        let registry = PrometheusRegistry(seriesCountMax: 5)
        for number in 0..<20 { Counter(label: "x", dimensions: [("n", "\(number)")], factory: registry).increment() }
        Timer(label: "x_total", factory: registry).recordNanoseconds(1)
        let text = String(decoding: registry.render(), as: UTF8.self)
        #expect(text.split(separator: "\n").count { $0.hasPrefix("x_total{") } == 5)
        #expect(text.contains("motcua_metrics_dropped_series_total 16\n"))
    }
}
