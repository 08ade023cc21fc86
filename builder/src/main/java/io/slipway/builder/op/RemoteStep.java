package io.slipway.builder.op;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.graph.Op;
import io.slipway.builder.remote.Download;
import io.slipway.builder.remote.Remotes;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.builder.solver.Result;
import io.slipway.image.content.Lease;
import io.slipway.image.model.Digest;
import io.slipway.image.tar.TarTime;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.EntryCopier;
import io.slipway.runtime.layer.Metadata;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.OpenFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The trees of URLs and git repositories. What a build has asked for once it does not ask again.
 */
final class RemoteStep {
  private static final int FILE_MODE = 0600;

  private final Remotes remotes;
  private final CallerSecrets secrets;
  private final StepSnapshots snapshots;
  private final Lease lease;
  private final Map<Op, Download> downloads = new ConcurrentHashMap<>();
  private final Map<Op, String> commits = new ConcurrentHashMap<>();

  RemoteStep(Remotes remotes, CallerSecrets secrets, StepSnapshots snapshots, Lease lease) {
    this.lease = lease;
    this.remotes = remotes;
    this.secrets = secrets;
    this.snapshots = snapshots;
  }

  /** What the source holds now; empty if it is none of these. */
  Optional<Digest> current(Op.Source source) throws IOException, InterruptedException {
    return switch (source) {
      case Op.HttpSource http -> {
        Download download = now(http);
        String held = download.digest() + " " + download.modifiedSeconds();
        yield Optional.of(Digest.of(held.getBytes(StandardCharsets.UTF_8)));
      }
      case Op.GitSource git -> Optional.of(Digest.of(now(git).getBytes(StandardCharsets.US_ASCII)));
      case Op.ImageSource _, Op.LocalSource _ -> Optional.empty();
    };
  }

  private Download now(Op.HttpSource http) throws IOException, InterruptedException {
    Download known = downloads.get(http);
    if (known == null) {
      known = remotes.http().get(http.url(), http.checksum(), secrets);
      lease.pin(known.digest());
      downloads.put(http, known);
    }
    return known;
  }

  private String now(Op.GitSource git) throws InterruptedException {
    String known = commits.get(git);
    if (known == null) {
      known = remotes.git().resolve(git.remote(), secrets);
      commits.put(git, known);
    }
    return known;
  }

  Result download(Op.HttpSource http, CacheKey key) throws IOException, InterruptedException {
    Download download = now(http);
    return snapshots.fill(key, Optional.empty(), changes -> place(download, http, changes));
  }

  private static void place(Download download, Op.HttpSource http, Path changes)
      throws IOException {
    try (Dir directory = Dir.open(changes);
        Fd source = FileCalls.open(download.file(), OpenFlags.O_RDONLY, 0)) {
      try (Fd file = directory.createFile(http.fileName())) {
        EntryCopier.copyContent(source, file);
      }
      TarTime time = new TarTime(download.modifiedSeconds(), 0);
      directory.apply(http.fileName(), new Metadata(FILE_MODE, 0, 0, time, Map.of()));
    }
  }

  Result checkOut(Op.GitSource git, CacheKey key) throws IOException, InterruptedException {
    String commit = now(git);
    return snapshots.fill(
        key,
        Optional.empty(),
        changes -> remotes.git().checkOut(git.remote(), commit, secrets, changes));
  }
}
