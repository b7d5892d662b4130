extension Grammar {
    static let calendarShapes: [Shape] = [
        Shape(
            name: "calendar", about: "A calendar file: the office hours and working days of one kind of office.",
            keys: [
                .required("calendar", .name, "The calendar's name."),
                .required("title", localText, "What people call it."),
                .optional("extends", .name, "The calendar whose years, hours and days are taken over."),
                .optional("years", .shape("years"), "The years it knows; required without `extends`."),
                .optional(
                    "hours", .list(.shape("week"), atLeast: 1), "Weeks, each from a date; required without `extends`."),
                .optional("days-off", .list(.shape("day-off"), atLeast: 1), "Days off."),
                .optional(
                    "working-days", .list(.shape("working-day"), atLeast: 1), "Rest days that are worked (làm bù)."),
            ]),
        Shape(
            name: "years", about: "The years that a calendar knows.",
            keys: [
                .required("from", .whole(1900, 9998), "The first."),
                .required("to", .whole(1900, 9998), "The last."),
                .optional(
                    "provisional", .list(.whole(1900, 9998), atLeast: 1), "Years whose holidays are not fixed yet."),
            ]),
        Shape(
            name: "week", about: "The office hours of a week.",
            keys: [
                .required("from", .date, "The date from which it holds."),
                .required(
                    "counted", .list(.code(weekdays), atLeast: 1), "The weekdays that are working days of the law."),
                .required(
                    "sessions", .map(.weekday, .list(.session, atLeast: 1), atLeast: 1), "The sessions of each weekday."
                ),
            ]),
        Shape(
            name: "day-off", about: "A day off, or several.",
            keys: [
                .optional("date", .date, "One day."),
                .optional("from", .date, "The first of several."),
                .optional("to", .date, "The last of several."),
                .required("reason", localText, "Why, for people."),
                .optional("basis", .text(max: 300), "The article or decision."),
                .optional("unverified", .yesNo, "Nobody compared it with the decision yet. Default: `false`."),
                .optional("in-force", .yesNo, "`false` for what is written down but not law yet. Default: `true`."),
            ]),
        Shape(
            name: "working-day", about: "A rest day worked for a day off.",
            keys: [
                .required("date", .date, "The day that is worked."),
                .required("instead-of", .date, "The day off whose sessions it has."),
                .optional("basis", .text(max: 300), "The decision."),
                .optional("unverified", .yesNo, "Nobody compared it with the decision yet. Default: `false`."),
            ]),
    ]

    static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    static let directoryShapes: [Shape] = [
        Shape(
            name: "province", about: "An agencies file: one province, its communes, agencies and officers.",
            keys: [
                .required("province", .name, "The province's name in files."),
                .required("number", .whole(1, 32767), "Its number, never reused: the first column of every key."),
                .required("title", localText, "What people read."),
                .required("identifier", .text(max: 10), "The first-level identifier of its agencies, as `H17`."),
                .required("calendar", .name, "The calendar of agencies that name none."),
                .optional(
                    "unverified", .list(.text(max: 300), atLeast: 1), "What nobody has compared with a source yet."),
                .required("areas", .map(.digits, localText, atLeast: 1), "Communes, wards and special zones by code."),
                .required("agencies", .map(.identifier, .shape("agency"), atLeast: 1), "Agencies by identifier."),
                .required("officers", .map(.kebab, .shape("officer"), atLeast: 1), "Posts, never private names."),
                .optional("overlays", .list(.shape("overlay"), atLeast: 1), "The province's own shorter limits."),
            ]),
        Shape(
            name: "agency", about: "An agency.",
            keys: [
                .required("kind", .name, "`centre`, `civil-status`, `police`, `social-insurance`, …"),
                .required("title", localText, "What people read."),
                .optional("phone", .text(max: 30), "The telephone for citizens."),
                .optional("serves", .list(.text(max: 10), atLeast: 1), "Codes of the areas it serves."),
                .optional("calendar", .name, "Its calendar. Default: the province's."),
                .optional("from", .date, "The first day on which it exists."),
                .optional("until", .date, "The last day on which it exists."),
                .optional(
                    "succeeds", .list(.text(max: 40), atLeast: 1),
                    "Agencies that ended before `from`: what was theirs, open tasks too, is its from then on."),
            ]),
        Shape(
            name: "overlay", about: "The province's own shorter limit of a procedure; a longer one changes nothing.",
            keys: [
                .required("procedure", .name, "The procedure."),
                .required("within", .limit, "The limit of the whole, from where the procedure counts.", rule: .v09),
                .required("from", .date, "The first day of acceptance for which it holds."),
                .optional("until", .date, "The last one. Default: open."),
                .required("basis", .text(max: 300), "The decision of the province."),
            ]),
        Shape(
            name: "officer", about: "A post.",
            keys: [
                .required("agency", .text(max: 40), "The agency's identifier."),
                .required("roles", .list(.name, atLeast: 1), "The roles held there."),
            ]),
        Shape(
            name: "connectors", about: "A connectors file: the outside systems that steps may call.",
            keys: [.required("connectors", .map(.kebab, .shape("connector"), atLeast: 1), "Connectors by name.")]),
        Shape(
            name: "connector", about: "An outside system.",
            keys: [
                .required("title", localText, "What people read."),
                .required("operations", .list(.name, atLeast: 1), "What can be asked of it."),
            ]),
    ]
}
