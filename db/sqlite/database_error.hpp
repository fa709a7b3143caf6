#pragma once
// What SQLite can report, as exceptions of the world-failed kind. The classes exist where a caller acts differently:
// a damaged file is set aside, a newer one is refused untouched, a foreign one is somebody else's.

#include <string>

#include "plugin/core/base/error.hpp"

namespace retour::sqlite {

class DatabaseError : public Error {
 public:
  DatabaseError(Parts parts, int code) : Error(std::move(parts)), m_code(code) {}

  /// SQLite's extended result code; 0 when the reason is ours and not SQLite's.
  int code() const { return m_code; }
  int primary_code() const { return m_code & 0xff; }
  bool is_full() const { return primary_code() == 13; }        // SQLITE_FULL
  bool is_constraint() const { return primary_code() == 19; }  // SQLITE_CONSTRAINT

 private:
  int m_code;
};

/// Written by a newer program: refused, and left as it is.
class DatabaseNewer : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

/// The bytes are not a whole database (SQLITE_CORRUPT, SQLITE_NOTADB, a failed check): set it aside, never delete it.
class DatabaseDamaged : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

/// A sound database that belongs to another program or another purpose.
class DatabaseForeign : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

/// "SQLITE_FULL (13)"; the number alone for codes without a name here.
std::string code_name(int code);

}  // namespace retour::sqlite
