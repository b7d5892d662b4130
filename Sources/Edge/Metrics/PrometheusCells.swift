import CoreMetrics
import Synchronization

/// The number or numbers of one series.
protocol PrometheusCell: AnyObject, Sendable {
    func write(_ id: PrometheusRegistry.SeriesID, into text: inout PrometheusText)
}

/// A number that only grows.
final class CounterCell: CounterHandler, PrometheusCell {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) {
        // Wrapping is what Prometheus takes for a restart; trapping would end the process.
        value.wrappingAdd(amount, ordering: .relaxed)
    }

    func reset() { value.store(0, ordering: .relaxed) }

    func write(_ id: PrometheusRegistry.SeriesID, into text: inout PrometheusText) {
        text.sample(id.name, id.labels, "\(value.load(ordering: .relaxed))")
    }
}

/// A number that goes up and down.
final class GaugeCell: MeterHandler, RecorderHandler, PrometheusCell {
    private let value = Mutex(0.0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func write(_ id: PrometheusRegistry.SeriesID, into text: inout PrometheusText) {
        text.sample(id.name, id.labels, PrometheusText.number(value.withLock { $0 }))
    }
}

/// How often values fell under each bound.
final class HistogramCell: TimerHandler, RecorderHandler, PrometheusCell {
    /// From half a millisecond, a look-up, to half a minute, the longest anyone waits.
    static let secondBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
    /// Batch sizes, bytes, counts.
    static let countBounds: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000, 100_000, 1_000_000]

    private struct State {
        /// Values at most the bound of the same place and above the one before; the last takes the rest.
        var counts: [Int64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        self.state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let place = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[place] &+= 1
            state.sum += value
        }
    }

    func write(_ id: PrometheusRegistry.SeriesID, into text: inout PrometheusText) {
        let state = state.withLock { $0 }
        var total: Int64 = 0
        for place in state.counts.indices {
            total &+= state.counts[place]
            let bound = place < bounds.count ? PrometheusText.number(bounds[place]) : "+Inf"
            text.sample(id.name + "_bucket", id.labels + [PrometheusLabel(name: "le", value: bound)], "\(total)")
        }
        text.sample(id.name + "_sum", id.labels, PrometheusText.number(state.sum))
        text.sample(id.name + "_count", id.labels, "\(total)")
    }
}
