// The SQL of Schema/, embedded in the binary, in the order in which it is applied.
// To add a file: put it in Schema/ as NNNN_name.sql and add its three lines to the list in schema.c.
// A test (PostgresTests) fails when the folder and this list differ.
#ifndef CSCHEMA_H
#define CSCHEMA_H

#include <stddef.h>

/// How many files are embedded.
size_t schema_file_count(void);
/// The path below Schema/ of file `index`, such as "0001_engine.sql"; NULL beyond the last.
const char *schema_file_name(size_t index);
/// The text of file `index` in UTF-8, ended by a zero byte; NULL beyond the last.
const char *schema_file_text(size_t index);

#endif
