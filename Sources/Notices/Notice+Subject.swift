package import WorkingTime

extension Notice {
    /// What all notices under one version of a procedure have in common: one object may serve them all.
    package final class Subject: Hashable, Sendable {
        /// As in the notice.
        package let procedure: String
        package let version: Int
        package let code: String?
        package let title: LocalText
        package let field: String
        package let milestones: [PublicMilestone]

        /// Joins the parts.
        package init(
            procedure: String, version: Int, code: String?, title: LocalText, field: String,
            milestones: [PublicMilestone]
        ) {
            self.procedure = procedure
            self.version = version
            self.code = code
            self.title = title
            self.field = field
            self.milestones = milestones
        }

        /// Whether both say the same.
        package static func == (left: Subject, right: Subject) -> Bool {
            left === right
                || (left.procedure == right.procedure && left.version == right.version && left.code == right.code
                    && left.title == right.title && left.field == right.field && left.milestones == right.milestones)
        }

        /// Feeds what tells most subjects apart.
        package func hash(into hasher: inout Hasher) {
            hasher.combine(procedure)
            hasher.combine(version)
        }
    }

    /// A milestone of the page.
    package struct PublicMilestone: Hashable, Sendable {
        package var key: String
        package var title: LocalText

        /// Joins both.
        package init(key: String, title: LocalText) {
            self.key = key
            self.title = title
        }
    }

    /// An agency as the citizen sees it: never an officer's private name. One object may serve all notices.
    package final class Holder: Hashable, Sendable {
        package let agency: String
        package let name: LocalText
        package let phone: String?

        /// Joins the parts.
        package init(agency: String, name: LocalText, phone: String? = nil) {
            self.agency = agency
            self.name = name
            self.phone = phone
        }

        /// Whether both say the same.
        package static func == (left: Holder, right: Holder) -> Bool {
            left === right || (left.agency == right.agency && left.name == right.name && left.phone == right.phone)
        }

        /// Feeds what tells most agencies apart.
        package func hash(into hasher: inout Hasher) { hasher.combine(agency) }
    }

    /// What the applicant must do.
    package struct RequiredAction: Hashable, Sendable {
        package var text: LocalText
        package var until: Instant?

        /// Joins both.
        package init(text: LocalText, until: Instant? = nil) {
            self.text = text
            self.until = until
        }
    }
}

extension Notice {
    private func subject(
        procedure: String? = nil, version: Int? = nil, code: String?? = nil, title: LocalText? = nil,
        field: String? = nil, milestones: [PublicMilestone]? = nil
    ) -> Subject {
        Subject(
            procedure: procedure ?? subject.procedure, version: version ?? subject.version,
            code: code ?? subject.code, title: title ?? subject.title, field: field ?? subject.field,
            milestones: milestones ?? subject.milestones)
    }

    /// The procedure.
    package var procedure: String {
        get { subject.procedure }
        set { subject = subject(procedure: newValue) }
    }

    /// The version of its file.
    package var procedureVersion: Int {
        get { subject.version }
        set { subject = subject(version: newValue) }
    }

    /// Its code in the national list.
    package var procedureCode: String? {
        get { subject.code }
        set { subject = subject(code: .some(newValue)) }
    }

    /// Its name.
    package var procedureTitle: LocalText {
        get { subject.title }
        set { subject = subject(title: newValue) }
    }

    /// For statistics: what it belongs to.
    package var field: String {
        get { subject.field }
        set { subject = subject(field: newValue) }
    }

    /// Key and title of the milestones of the page, in order.
    package var milestones: [PublicMilestone] {
        get { subject.milestones }
        set { subject = subject(milestones: newValue) }
    }
}
