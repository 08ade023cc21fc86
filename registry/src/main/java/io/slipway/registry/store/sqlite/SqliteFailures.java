package io.slipway.registry.store.sqlite;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.store.RegistryFault;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** What SQLite's errors mean to the registry. */
final class SqliteFailures {
  private static final int PRIMARY_CODE = 0xff;

  private SqliteFailures() {}

  static SlipwayException of(SQLException failure) {
    if ((failure.getErrorCode() & PRIMARY_CODE) == SQLiteErrorCode.SQLITE_FULL.code) {
      return RegistryFault.noSpace("no space left for the registry's metadata", failure);
    }
    return new SlipwayException(
        ErrorKind.INTERNAL, "registry metadata: " + failure.getMessage(), failure);
  }
}
