package io.slipway.registry.store.sqlite;

import io.slipway.registry.store.Quota;
import io.slipway.registry.store.RepositoryName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Compares what namespaces hold before and after a change, inside its transaction. */
final class QuotaCheck {
  private final List<Quota> quotas;

  QuotaCheck(List<Quota> quotas) {
    this.quotas = List.copyOf(quotas);
  }

  /** A change; what it throws undoes it. */
  interface Change<T> {
    T apply() throws SQLException;
  }

  private record Watched(Quota quota, String namespace, Quota.Usage before) {}

  boolean isAbout(RepositoryName repository) {
    return quotas.stream().anyMatch(quota -> !quota.namespaceOf(repository).isEmpty());
  }

  /** Refuses {@code bytes} more; they are added by a later change. */
  void requireRoom(SqliteSession session, RepositoryName repository, long bytes)
      throws SQLException {
    for (Quota quota : quotas) {
      String namespace = quota.namespaceOf(repository);
      if (!namespace.isEmpty()) {
        Quota.Usage now = usage(session, namespace);
        quota.require(
            namespace, now, new Quota.Usage(now.bytes() + bytes, now.tags(), now.repositories()));
      }
    }
  }

  <T> T within(SqliteSession session, RepositoryName repository, Change<T> change)
      throws SQLException {
    List<Watched> watched = new ArrayList<>();
    for (Quota quota : quotas) {
      String namespace = quota.namespaceOf(repository);
      if (!namespace.isEmpty()) {
        watched.add(new Watched(quota, namespace, usage(session, namespace)));
      }
    }
    T result = change.apply();
    for (Watched one : watched) {
      one.quota().require(one.namespace(), one.before(), usage(session, one.namespace()));
    }
    return result;
  }

  private static Quota.Usage usage(SqliteSession session, String namespace) throws SQLException {
    return session
        .first(
            // the character after the slash ends the range of all names below
            "SELECT coalesce(sum(bytes), 0), coalesce(sum(tags), 0), count(*) FROM repository"
                + " WHERE name = ?1 OR (name > ?1 || '/' AND name < ?1 || '0')",
            row -> new Quota.Usage(row.getLong(1), row.getLong(2), row.getLong(3)),
            namespace)
        .orElseThrow();
  }
}
