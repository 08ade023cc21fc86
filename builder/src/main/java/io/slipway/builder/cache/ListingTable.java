package io.slipway.builder.cache;

import io.slipway.builder.context.ContentListing;
import io.slipway.image.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** Listings by content digest, compressed; the oldest go when they are too many bytes. */
final class ListingTable {
  static final String SCHEMA =
      "create table if not exists listing (content text primary key, entries blob not null,"
          + " kept integer not null)";

  private static final long MAX_BYTES = 64L << 20;

  private ListingTable() {}

  static byte[] compress(ContentListing listing) {
    var bytes = new ByteArrayOutputStream();
    var deflater = new Deflater(Deflater.BEST_SPEED);
    try (var out = new DeflaterOutputStream(bytes, deflater)) {
      out.write(listing.bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }

  static void put(Connection connection, Digest content, byte[] compressed, long now)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "insert or replace into listing (content, entries, kept) values (?, ?, ?)")) {
      statement.setString(1, content.toString());
      statement.setBytes(2, compressed);
      statement.setLong(3, now);
      statement.executeUpdate();
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "delete from listing where rowid in (select rowid from (select rowid,"
                + " sum(length(entries)) over (order by kept desc, rowid desc) as bytes"
                + " from listing) where bytes > ?)")) {
      statement.setLong(1, MAX_BYTES);
      statement.executeUpdate();
    }
  }

  static Optional<ContentListing> get(Connection connection, Digest content) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("select entries from listing where content = ?")) {
      query.setString(1, content.toString());
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? expand(row.getBytes(1)) : Optional.empty();
      }
    }
  }

  private static Optional<ContentListing> expand(byte[] compressed) {
    try (var in = new InflaterInputStream(new ByteArrayInputStream(compressed))) {
      byte[] bytes = in.readNBytes(ContentListing.MAX_BYTES * 2);
      return Optional.of(new ContentListing(bytes));
    } catch (IOException e) {
      // damaged: the explanation names no file then
      return Optional.empty();
    }
  }
}
