extension RunHistory {
  /// The tables of version 1; amounts are in the run's base currency, losses positive.
  static let tables = """
    CREATE TABLE schema_version (version INTEGER NOT NULL);
    CREATE TABLE runs (
      id INTEGER PRIMARY KEY,
      book TEXT NOT NULL,
      as_of TEXT NOT NULL,
      base_currency TEXT NOT NULL,
      seed TEXT NOT NULL,
      engine_version TEXT NOT NULL,
      previous_as_of TEXT,
      UNIQUE (book, as_of)
    );
    CREATE TABLE inputs (
      run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      PRIMARY KEY (run, name)
    ) WITHOUT ROWID;
    CREATE TABLE owners (
      run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      place INTEGER NOT NULL,
      account TEXT,
      equity REAL NOT NULL,
      incomplete INTEGER NOT NULL,
      carried_equity REAL,
      PRIMARY KEY (run, place)
    ) WITHOUT ROWID;
    CREATE TABLE figures (
      run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      owner INTEGER NOT NULL,
      place INTEGER NOT NULL,
      method TEXT NOT NULL,
      confidence TEXT NOT NULL,
      horizon_days REAL NOT NULL,
      value_at_risk REAL NOT NULL,
      expected_shortfall REAL NOT NULL,
      PRIMARY KEY (run, owner, place)
    ) WITHOUT ROWID;
    CREATE TABLE holdings (
      run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      place INTEGER NOT NULL,
      account TEXT NOT NULL,
      name TEXT NOT NULL,
      is_balance INTEGER NOT NULL,
      quantity REAL NOT NULL,
      entry_price REAL,
      PRIMARY KEY (run, place)
    ) WITHOUT ROWID;
    """
}
