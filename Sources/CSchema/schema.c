#include "CSchema.h"

// One entry a file, in the order of application: name, then the same name in #embed.
static const struct {
    const char *name;
    const unsigned char *text;
} files[] = {
    {"0001_engine.sql", (const unsigned char[]){
#embed "../../Schema/0001_engine.sql" suffix(,)
        0}},
    {"0002_dossiers.sql", (const unsigned char[]){
#embed "../../Schema/0002_dossiers.sql" suffix(,)
        0}},
    {"0003_notices.sql", (const unsigned char[]){
#embed "../../Schema/0003_notices.sql" suffix(,)
        0}},
    {"0004_personal.sql", (const unsigned char[]){
#embed "../../Schema/0004_personal.sql" suffix(,)
        0}},
    {"0005_roles.sql", (const unsigned char[]){
#embed "../../Schema/0005_roles.sql" suffix(,)
        0}},
    {"feed/0001_feed.sql", (const unsigned char[]){
#embed "../../Schema/feed/0001_feed.sql" suffix(,)
        0}},
    {"feed/0002_log.sql", (const unsigned char[]){
#embed "../../Schema/feed/0002_log.sql" suffix(,)
        0}},
    {"feed/0003_statistics.sql", (const unsigned char[]){
#embed "../../Schema/feed/0003_statistics.sql" suffix(,)
        0}},
    {"feed/0004_following.sql", (const unsigned char[]){
#embed "../../Schema/feed/0004_following.sql" suffix(,)
        0}},
    {"feed/0005_delivery.sql", (const unsigned char[]){
#embed "../../Schema/feed/0005_delivery.sql" suffix(,)
        0}},
    {"feed/0006_pictures.sql", (const unsigned char[]){
#embed "../../Schema/feed/0006_pictures.sql" suffix(,)
        0}},
    {"feed/0007_statistic_month.sql", (const unsigned char[]){
#embed "../../Schema/feed/0007_statistic_month.sql" suffix(,)
        0}},
    {"feed/0008_ratings.sql", (const unsigned char[]){
#embed "../../Schema/feed/0008_ratings.sql" suffix(,)
        0}},
    {"feed/0009_erased.sql", (const unsigned char[]){
#embed "../../Schema/feed/0009_erased.sql" suffix(,)
        0}},
    {"feed/0010_published.sql", (const unsigned char[]){
#embed "../../Schema/feed/0010_published.sql" suffix(,)
        0}},
};

size_t schema_file_count(void) { return sizeof files / sizeof files[0]; }

const char *schema_file_name(size_t index) {
    return index < schema_file_count() ? files[index].name : NULL;
}

const char *schema_file_text(size_t index) {
    return index < schema_file_count() ? (const char *)files[index].text : NULL;
}
