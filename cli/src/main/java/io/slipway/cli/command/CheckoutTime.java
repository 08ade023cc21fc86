package io.slipway.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * When what is checked out in a directory was committed, if nothing there was changed since: asked
 * of git, as the user who builds, while other things go on.
 */
final class CheckoutTime {
  private static final int PATIENCE_SECONDS = 10;

  private CheckoutTime() {}

  /** Begins to find out; seconds since 1970, empty if it is no clean checkout. */
  static CompletableFuture<Optional<String>> of(String where) {
    Path directory = Path.of(where);
    if (!Files.isDirectory(directory) || !isInCheckout(directory)) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return CompletableFuture.supplyAsync(() -> ask(directory), Thread::startVirtualThread);
  }

  private static boolean isInCheckout(Path directory) {
    for (Path at = directory.toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(".git"))) {
        return true;
      }
    }
    return false;
  }

  private static Optional<String> ask(Path directory) {
    Optional<String> changes =
        git(directory, "status", "--porcelain", "--untracked-files=all", "--", ".");
    if (changes.isEmpty() || !changes.get().isBlank()) {
      return Optional.empty();
    }
    return git(directory, "log", "-1", "--format=%ct")
        .map(String::strip)
        .filter(time -> time.matches("\\d{1,12}"));
  }

  /** Empty if there is no git, or if it has nothing to say. */
  private static Optional<String> git(Path directory, String... arguments) {
    var command = new java.util.ArrayList<>(List.of("git", "-C", directory.toString()));
    command.addAll(List.of(arguments));
    try {
      Process git =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = git.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return ended && git.exitValue() == 0 ? Optional.of(answer) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
