package io.slipway.builder.remote;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Everything that fetches, with what it keeps in one folder: {@code git/} and {@code http/}. */
public record Remotes(GitCheckouts git, HttpDownloads http) {
  public Remotes {
    Objects.requireNonNull(git, "git");
    Objects.requireNonNull(http, "http");
  }

  /** Everything that is kept; walks the repositories. */
  public List<KeptRemote> list() throws IOException {
    var all = new ArrayList<>(http.list());
    all.addAll(git.list());
    return all;
  }

  /** False if somebody reads it now, or if it is gone. */
  public boolean remove(KeptRemote kept) throws IOException {
    return switch (kept.kind()) {
      case FILE -> http.remove(kept.name());
      case REPOSITORY -> git.remove(kept.name());
    };
  }

  public static Remotes in(Path folder) throws IOException {
    return new Remotes(
        new GitCheckouts(folder.resolve("git")), new HttpDownloads(folder.resolve("http")));
  }
}
