package io.slipway.builder.remote;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** Everything that fetches, with what it keeps in one folder: {@code git/} and {@code http/}. */
public record Remotes(GitCheckouts git, HttpDownloads http) {
  public Remotes {
    Objects.requireNonNull(git, "git");
    Objects.requireNonNull(http, "http");
  }

  public static Remotes in(Path folder) throws IOException {
    return new Remotes(
        new GitCheckouts(folder.resolve("git")), new HttpDownloads(folder.resolve("http")));
  }
}
