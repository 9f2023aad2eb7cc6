/* A file of SQLite, its statements and its errors, without macros and with results as values.

   Statuses: 0 done, 1 a row is ready, 2 locked by another process for longer than the wait, 3 no database,
   4 cannot be opened, 5 read-only, 6 the disk is full or failed, 7 anything else. */
#ifndef PLIMSOLL_SQLITE_SHIM_H
#define PLIMSOLL_SQLITE_SHIM_H
#include <stdint.h>
typedef struct sql_file sql_file;
typedef struct sql_statement sql_statement;

/* Opens a file; creates it where `writes` is set. The handle is to be closed even where the status is not 0. */
sql_file *sql_open(const char *path, int writes, int wait_milliseconds, int *status);
void sql_close(sql_file *file);
/* The last error as SQLite words it; valid until the next call. */
const char *sql_message(sql_file *file);
int sql_execute(sql_file *file, const char *text);

sql_statement *sql_prepare(sql_file *file, const char *text, int *status);
void sql_finish(sql_statement *statement);
/* Places count from 1; texts are copied. */
int sql_bind_text(sql_statement *statement, int place, const char *bytes, int length);
int sql_bind_number(sql_statement *statement, int place, double value);
int sql_bind_whole(sql_statement *statement, int place, int64_t value);
int sql_bind_null(sql_statement *statement, int place);
int sql_step(sql_statement *statement);
int sql_reset(sql_statement *statement);
/* Columns count from 0. The text is valid until the next step. */
int sql_is_null(sql_statement *statement, int column);
double sql_number(sql_statement *statement, int column);
int64_t sql_whole(sql_statement *statement, int column);
const char *sql_text(sql_statement *statement, int column, int *length);
#endif
