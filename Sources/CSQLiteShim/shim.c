#include "CSQLiteShim.h"
#include <sqlite3.h>

static sqlite3 *base(sql_file *file) { return (sqlite3 *)file; }
static sqlite3_stmt *inner(sql_statement *statement) { return (sqlite3_stmt *)statement; }

static int kind(int status) {
  switch (status & 0xFF) {
  case SQLITE_OK:
  case SQLITE_DONE: return 0;
  case SQLITE_ROW: return 1;
  case SQLITE_BUSY:
  case SQLITE_LOCKED: return 2;
  case SQLITE_NOTADB:
  case SQLITE_CORRUPT: return 3;
  case SQLITE_CANTOPEN:
  case SQLITE_PERM:
  case SQLITE_AUTH: return 4;
  case SQLITE_READONLY: return 5;
  case SQLITE_FULL:
  case SQLITE_IOERR: return 6;
  default: return 7;
  }
}

sql_file *sql_open(const char *path, int writes, int wait_milliseconds, int *status) {
  sqlite3 *file = 0;
  int flags = writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  *status = kind(sqlite3_open_v2(path, &file, flags | SQLITE_OPEN_PRIVATECACHE, 0));
  if (file) sqlite3_busy_timeout(file, wait_milliseconds);
  return (sql_file *)file;
}

void sql_close(sql_file *file) { sqlite3_close_v2(base(file)); }
const char *sql_message(sql_file *file) { return file ? sqlite3_errmsg(base(file)) : "out of memory"; }
int sql_execute(sql_file *file, const char *text) { return kind(sqlite3_exec(base(file), text, 0, 0, 0)); }

sql_statement *sql_prepare(sql_file *file, const char *text, int *status) {
  sqlite3_stmt *statement = 0;
  *status = kind(sqlite3_prepare_v2(base(file), text, -1, &statement, 0));
  return (sql_statement *)statement;
}

void sql_finish(sql_statement *statement) { sqlite3_finalize(inner(statement)); }

int sql_bind_text(sql_statement *statement, int place, const char *bytes, int length) {
  return kind(sqlite3_bind_text(inner(statement), place, bytes, length, SQLITE_TRANSIENT));
}
int sql_bind_number(sql_statement *statement, int place, double value) {
  return kind(sqlite3_bind_double(inner(statement), place, value));
}
int sql_bind_whole(sql_statement *statement, int place, int64_t value) {
  return kind(sqlite3_bind_int64(inner(statement), place, value));
}
int sql_bind_null(sql_statement *statement, int place) { return kind(sqlite3_bind_null(inner(statement), place)); }
int sql_step(sql_statement *statement) { return kind(sqlite3_step(inner(statement))); }
int sql_reset(sql_statement *statement) { return kind(sqlite3_reset(inner(statement))); }

int sql_is_null(sql_statement *statement, int column) {
  return sqlite3_column_type(inner(statement), column) == SQLITE_NULL;
}
double sql_number(sql_statement *statement, int column) { return sqlite3_column_double(inner(statement), column); }
int64_t sql_whole(sql_statement *statement, int column) { return sqlite3_column_int64(inner(statement), column); }
const char *sql_text(sql_statement *statement, int column, int *length) {
  const unsigned char *text = sqlite3_column_text(inner(statement), column);
  *length = text ? sqlite3_column_bytes(inner(statement), column) : 0;
  return (const char *)text;
}
