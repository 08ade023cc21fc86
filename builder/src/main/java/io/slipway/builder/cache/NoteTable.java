package io.slipway.builder.cache;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** What was found out about layers; the oldest go when they are too many. */
final class NoteTable {
  static final String SCHEMA =
      "create table if not exists note (layer text primary key, made integer not null,"
          + " text text not null)";

  private static final int MAX_NOTES = 50_000;

  private NoteTable() {}

  static void put(Connection connection, String layer, Instant made, String text)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "insert or replace into note (layer, made, text) values (?, ?, ?)")) {
      statement.setString(1, layer);
      statement.setLong(2, made.toEpochMilli());
      statement.setString(3, text);
      statement.executeUpdate();
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "delete from note where rowid <= (select max(rowid) from note) - ?")) {
      statement.setInt(1, MAX_NOTES);
      statement.executeUpdate();
    }
  }

  static Map<String, String> get(Connection connection, Map<String, Instant> layers)
      throws SQLException {
    var notes = new HashMap<String, String>();
    try (PreparedStatement query =
        connection.prepareStatement("select text from note where layer = ? and made = ?")) {
      for (Map.Entry<String, Instant> layer : layers.entrySet()) {
        query.setString(1, layer.getKey());
        query.setLong(2, layer.getValue().toEpochMilli());
        try (ResultSet row = query.executeQuery()) {
          if (row.next()) {
            notes.put(layer.getKey(), row.getString(1));
          }
        }
      }
    }
    return notes;
  }
}
