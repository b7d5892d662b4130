package import CoreMetrics
import Synchronization

/// The process's metrics, as a backend of swift-metrics that renders Prometheus' text format.
///
/// Dimensions become labels. The number of series is bounded: what comes after goes to cells that nobody reads, and
/// `motcua_metrics_dropped_series_total` says how many did.
package final class PrometheusRegistry: MetricsFactory {
    private let state = Mutex(State())
    private let seriesCountMax: Int

    struct SeriesID: Hashable {
        let name: String
        let labels: [PrometheusLabel]
    }

    private struct State {
        var cells: [SeriesID: any PrometheusCell] = [:]
        var kinds: [String: PrometheusKind] = [:]
        var droppedSeriesCount: Int64 = 0
    }

    /// A registry of at most so many series.
    package init(seriesCountMax: Int = 10_000) {
        self.seriesCountMax = seriesCountMax
    }

    /// A counter; its name ends in `_total`.
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        cell(PrometheusText.name(label, suffix: "_total"), .counter, dimensions) { CounterCell() }
    }

    /// A gauge that counts up and down or is set.
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        cell(PrometheusText.name(label), .gauge, dimensions) { GaugeCell() }
    }

    /// A histogram of plain numbers, or a gauge of the last one if not aggregated.
    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate {
            return cell(PrometheusText.name(label), .histogram, dimensions) {
                HistogramCell(bounds: HistogramCell.countBounds)
            }
        }
        return cell(PrometheusText.name(label), .gauge, dimensions) { GaugeCell() }
    }

    /// A histogram of seconds; its name ends in `_seconds`.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        cell(PrometheusText.name(label, suffix: "_seconds"), .histogram, dimensions) {
            HistogramCell(bounds: HistogramCell.secondBounds)
        }
    }

    /// Forgets the series.
    package func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
    /// Forgets the series.
    package func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
    /// Forgets the series.
    package func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
    /// Forgets the series.
    package func destroyTimer(_ handler: any TimerHandler) { forget(handler) }

    private func forget(_ handler: AnyObject) {
        state.withLock { state in
            state.cells = state.cells.filter { $0.value !== handler }
        }
    }

    /// The cell of a series, made at its first use; a name that already has another kind gets an unread cell.
    private func cell<Cell: PrometheusCell>(
        _ name: String, _ kind: PrometheusKind, _ dimensions: [(String, String)], _ make: () -> Cell
    ) -> Cell {
        let id = SeriesID(name: name, labels: PrometheusLabel.labels(dimensions))
        return state.withLock { state in
            if let cell = state.cells[id] as? Cell { return cell }
            let cell = make()
            guard state.cells.count < seriesCountMax, state.cells[id] == nil,
                state.kinds[name] == nil || state.kinds[name] == kind
            else {
                state.droppedSeriesCount += 1
                return cell
            }
            state.kinds[name] = kind
            state.cells[id] = cell
            return cell
        }
    }

    /// All series in Prometheus' text format 0.0.4, by name and labels.
    package func render() -> [UInt8] {
        let (cells, kinds, dropped) = state.withLock { ($0.cells, $0.kinds, $0.droppedSeriesCount) }
        var text = PrometheusText()
        var lastName: String?
        for (id, cell) in cells.sorted(by: { ($0.key.name, $0.key.labels) < ($1.key.name, $1.key.labels) }) {
            if id.name != lastName, let kind = kinds[id.name] { text.type(of: id.name, kind) }
            lastName = id.name
            cell.write(id, into: &text)
        }
        text.type(of: "motcua_metrics_dropped_series_total", .counter)
        text.sample("motcua_metrics_dropped_series_total", [], "\(dropped)")
        return text.bytes
    }
}

/// What a metric is to Prometheus.
enum PrometheusKind: String { case counter, gauge, histogram }

/// One label of a series.
struct PrometheusLabel: Hashable, Comparable {
    let name: String
    let value: String

    static func labels(_ dimensions: [(String, String)]) -> [PrometheusLabel] {
        dimensions.map { PrometheusLabel(name: PrometheusText.name($0.0), value: $0.1) }.sorted()
    }

    static func < (left: PrometheusLabel, right: PrometheusLabel) -> Bool {
        (left.name, left.value) < (right.name, right.value)
    }
}

private func < (
    left: (String, [PrometheusLabel]), right: (String, [PrometheusLabel])
) -> Bool {
    left.0 == right.0 ? left.1.lexicographicallyPrecedes(right.1) : left.0 < right.0
}
