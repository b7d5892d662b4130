import Edge
import Hummingbird
import PublicFeed

/// Adds the pages, forms and JSON of statistics to the public site.
func statisticsRoutes<Context: EdgeRequestContext>(
    on router: some RouterMethods<Context>, _ reader: StatisticsReader, _ desk: LookUpDesk
) {
    let statistics = StatisticsDesk(reader: reader, desk: desk)
    router.get("/thong-ke") { request, context in
        try await desk.page(request, context) { try await statistics.start(request, context) }
    }
    router.get("/thong-ke/bieu-2-06a") { request, context in
        try await desk.page(request, context) { try await statistics.form(request, context, .page) }
    }
    for (path, kind) in [("bieu-2-06a.csv", FormKind.csv), ("bieu-2-06a.xlsx", .workbook)] {
        router.get("/thong-ke/\(path)") { request, context in
            try await LookUpDesk.document { try await statistics.form(request, context, kind) }
        }
    }
    router.get("/thong-ke/{province}") { request, context in
        try await desk.page(request, context) {
            try await statistics.overview(request, context, province: context.parameters.require("province"))
        }
    }
    router.get("/thong-ke/{province}/thang") { request, context in
        try await desk.page(request, context) {
            try await statistics.byMonth(request, context, province: context.parameters.require("province"))
        }
    }
    router.get("/thong-ke/{province}/hai-long") { request, context in
        try await desk.page(request, context) {
            try await statistics.satisfaction(request, context, province: context.parameters.require("province"))
        }
    }
    router.get("/thong-ke/{province}/ngay") { request, context in
        try await desk.page(request, context) {
            try await statistics.byDay(request, context, province: context.parameters.require("province"))
        }
    }
    for by in Breakdown.allCases {
        router.get("/thong-ke/{province}/\(by.rawValue)") { request, context in
            try await desk.page(request, context) {
                try await statistics.breakdown(
                    by, request, context, province: context.parameters.require("province"))
            }
        }
    }
    router.get("/bang-tin/{province}") { request, context in
        try await desk.page(request, context) {
            try await statistics.wall(request, context, province: context.parameters.require("province"))
        }
    }
    router.get("/v1/statistics") { request, context in
        try await statistics.provincesJSON(request)
    }
    router.get("/v1/statistics/{province}/satisfaction") { request, context in
        try await LookUpDesk.document {
            try await statistics.satisfactionJSON(
                request, context, province: context.parameters.require("province"))
        }
    }
    router.get("/v1/statistics/{province}") { request, context in
        try await statistics.json(request, context, province: context.parameters.require("province"))
    }
}
