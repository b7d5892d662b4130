import Foundation
import TestSupport
import Testing

/// The files for Docker, as other people's programs read them; no Docker engine is needed for that.
@Suite struct ContainerFileTests {
    @Test(arguments: [("docker", "Dockerfile"), ("compose", "docker-compose.yml")])
    func `a reader of container files finds nothing to say`(kind: String, name: String) throws {
        #expect(try read(kind, text(name)) == "good\n")
    }

    @Test(arguments: [
        ("docker", "Dockerfile", "WORKDIR /src", "WORKDIR src"), ("docker", "Dockerfile", "USER 10001", "USER root"),
        ("docker", "Dockerfile", "RUN swift package", "RUN sudo swift package"),
        ("compose", "docker-compose.yml", "    ports:", "    port:"),
        ("compose", "docker-compose.yml", "condition: service_healthy", "condition: healthy"),
    ])
    func `and finds what is wrong`(kind: String, name: String, right: String, wrong: String) throws {
        let text = try text(name)
        let broken = text.replacing(right, with: wrong)
        #expect(broken != text)
        #expect(throws: Failure.self) { try read(kind, broken) }
    }

    private func text(_ name: String) throws -> String {
        let folder = URL(filePath: Workflows.folder).deletingLastPathComponent()
        return try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    private func read(_ kind: String, _ text: String) throws -> String {
        try OutsideReader.read(Array(text.utf8), script: "read_containers.py", [kind])
    }
}
