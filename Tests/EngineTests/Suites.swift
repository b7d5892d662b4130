import Testing

/// Tests of the engine's rules: one after another, since each has an engine and a database of its own.
@Suite(.serialized, .timeLimit(.minutes(10))) enum EngineRules {}

/// Tests that break something on the way; beside the others.
@Suite(.serialized, .timeLimit(.minutes(10))) enum EngineFaults {}
