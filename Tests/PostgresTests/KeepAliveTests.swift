import Testing

@testable import Postgres

@Suite struct KeepAliveTests {
    @Test func `both sides of a connection that is cut off know it within five seconds`() throws {
        let configuration = PostgresConfiguration("host=nowhere")
        let ours = Dictionary(configuration.keywords) { $1 }
        let theirs = Dictionary(configuration.settings) { $1 }
        for (side, prefix) in [(ours, "keepalives_"), (theirs, "tcp_keepalives_")] {
            let (idle, interval, count) = (
                try #require(side["\(prefix)idle"].flatMap(Int.init)),
                try #require(side["\(prefix)interval"].flatMap(Int.init)),
                try #require(side["\(prefix)count"].flatMap(Int.init))
            )
            #expect(idle + interval * count <= 5)
            #expect(try #require(side["tcp_user_timeout"].flatMap(Int.init)) <= 5_000)
        }
    }
}
