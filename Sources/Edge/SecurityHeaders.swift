package import HTTPTypes

/// The headers that keep browsers from doing more with an answer than we mean.
package struct SecurityHeaders: Sendable {
    private let fields: [HTTPField]

    /// For JSON: nothing may run, load or frame it.
    package static let api = SecurityHeaders(
        contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")

    /// For pages: styles, scripts, pictures and requests of our own, forms to ourselves, no frames.
    package static let pages = SecurityHeaders(
        contentSecurityPolicy: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
            + "frame-ancestors 'none'")

    /// Headers with that policy.
    /// - Parameters:
    ///   - contentSecurityPolicy: the whole value; it should begin with `default-src 'none'`.
    ///   - strictTransport: a year of HTTPS only; browsers ignore it over plain HTTP, so it is safe behind a proxy.
    package init(contentSecurityPolicy: String, strictTransport: Bool = true) {
        var fields = [
            HTTPField(name: .contentSecurityPolicy, value: contentSecurityPolicy),
            HTTPField(name: .xContentTypeOptions, value: "nosniff"),
            HTTPField(name: .named("X-Frame-Options"), value: "DENY"),
            HTTPField(name: .named("Referrer-Policy"), value: "no-referrer"),
            HTTPField(name: .named("Cross-Origin-Opener-Policy"), value: "same-origin"),
            HTTPField(name: .named("Cross-Origin-Resource-Policy"), value: "same-origin"),
            HTTPField(name: .named("Permissions-Policy"), value: "camera=(), geolocation=(), microphone=()"),
        ]
        if strictTransport {
            fields.append(
                HTTPField(name: .strictTransportSecurity, value: "max-age=31536000; includeSubDomains"))
        }
        self.fields = fields
    }

    /// Adds those that the answer does not set itself.
    package func add(to headers: inout HTTPFields) {
        for field in fields where headers[field.name] == nil { headers.append(field) }
    }
}
