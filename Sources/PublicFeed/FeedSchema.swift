import CSchema
package import Postgres

/// The feed's own tables, a numbered set apart from the engine's: they may lie in another database.
package enum FeedSchema {
    /// The name under which the set is recorded: `Migrations.apply(FeedSchema.migrations, set: FeedSchema.set, …)`.
    package static let set = "feed"

    /// The files of Schema/feed/, in order.
    package static var migrations: [Migration] {
        Migration.list(
            count: schema_file_count(), name: { schema_file_name($0) }, text: { schema_file_text($0) }, folder: "feed")
    }
}
