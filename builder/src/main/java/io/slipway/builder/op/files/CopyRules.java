package io.slipway.builder.op.files;

import io.slipway.builder.graph.ModeChange;
import io.slipway.image.tar.TarTime;
import io.slipway.runtime.layer.Metadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a copy changes of what it copies.
 *
 * @param owner of everything, made parents included; empty to keep the source's
 * @param mode the change of permissions
 * @param unpack whether archives are unpacked
 * @param excludes patterns of what is left out below a source
 * @param now time of directories that are made
 */
record CopyRules(
    Optional<Ids> owner,
    Optional<ModeChange> mode,
    boolean unpack,
    List<String> excludes,
    TarTime now) {
  private static final int DIRECTORY = 0755;

  /** A user and a group by number. */
  record Ids(int uid, int gid) {
    static final Ids ROOT = new Ids(0, 0);
  }

  CopyRules {
    excludes = List.copyOf(excludes);
  }

  /** A directory that the copy makes on its way: only an octal mode applies to it. */
  Metadata made() {
    Ids ids = owner.orElse(Ids.ROOT);
    int permissions = mode.map(m -> m.octal().orElse(DIRECTORY)).orElse(DIRECTORY);
    return new Metadata(permissions, ids.uid(), ids.gid(), now, Map.of());
  }

  /** What a copied entry gets. */
  Metadata of(Metadata source, boolean directory, boolean symlink) {
    Ids ids = owner.orElse(new Ids(source.uid(), source.gid()));
    Metadata owned = source.withOwner(ids.uid(), ids.gid());
    return mode.isEmpty() || symlink
        ? owned
        : owned.withPermissions(mode.get().apply(source.permissions(), directory));
  }
}
