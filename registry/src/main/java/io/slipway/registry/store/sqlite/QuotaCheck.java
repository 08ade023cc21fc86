package io.slipway.registry.store.sqlite;

import io.slipway.registry.config.Quota;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.RegistryFault;
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

  /** What a namespace holds. */
  private record Usage(long bytes, long tags, long repositories) {}

  private record Watched(Quota quota, String namespace, Usage before) {}

  boolean isAbout(RepositoryName repository) {
    return quotas.stream().anyMatch(quota -> !quota.namespaceOf(repository.value()).isEmpty());
  }

  /** Refuses {@code bytes} more; they are added by a later change. */
  void requireRoom(SqliteSession session, RepositoryName repository, long bytes)
      throws SQLException {
    for (Quota quota : quotas) {
      String namespace = quota.namespaceOf(repository.value());
      if (!namespace.isEmpty()) {
        Usage now = usage(session, namespace);
        require(
            quota, namespace, now, new Usage(now.bytes() + bytes, now.tags(), now.repositories()));
      }
    }
  }

  <T> T within(SqliteSession session, RepositoryName repository, Change<T> change)
      throws SQLException {
    List<Watched> watched = new ArrayList<>();
    for (Quota quota : quotas) {
      String namespace = quota.namespaceOf(repository.value());
      if (!namespace.isEmpty()) {
        watched.add(new Watched(quota, namespace, usage(session, namespace)));
      }
    }
    T result = change.apply();
    for (Watched one : watched) {
      require(one.quota(), one.namespace(), one.before(), usage(session, one.namespace()));
    }
    return result;
  }

  /** Refuses a change that made something grow beyond a quota. */
  private static void require(Quota quota, String namespace, Usage before, Usage after) {
    require(namespace, "bytes", before.bytes(), after.bytes(), quota.bytes());
    require(namespace, "tags", before.tags(), after.tags(), quota.tags());
    require(
        namespace,
        "repositories",
        before.repositories(),
        after.repositories(),
        quota.repositories());
  }

  private static void require(String name, String what, long before, long after, long limit) {
    if (after > limit && after > before) {
      throw RegistryFault.of(
          ErrorCode.DENIED,
          "the quota of namespace %s is %d %s, of which %d are used"
              .formatted(name, limit, what, before),
          name);
    }
  }

  private static Usage usage(SqliteSession session, String namespace) throws SQLException {
    return session
        .first(
            // the character after the slash ends the range of all names below
            "SELECT coalesce(sum(bytes), 0), coalesce(sum(tags), 0), count(*) FROM repository"
                + " WHERE name = ?1 OR (name > ?1 || '/' AND name < ?1 || '0')",
            row -> new Usage(row.getLong(1), row.getLong(2), row.getLong(3)),
            namespace)
        .orElseThrow();
  }
}
