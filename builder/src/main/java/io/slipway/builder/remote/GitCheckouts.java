package io.slipway.builder.remote;

import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.task.KeyedLock;
import io.slipway.runtime.snapshot.UsageMeter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Checks git repositories out. What was fetched is kept, bare, in a folder of its own:
 *
 * <pre>
 * git/
 *   known_hosts     SSH hosts, trusted at first sight
 *   SHA256/         a bare repository for each URL; its slipway-url is modified at its last use
 *   work-UUID/      checkouts in the making, repositories on their way out
 * </pre>
 */
public final class GitCheckouts {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final String KEPT = "refs/slipway/";
  private static final String ORIGIN = "slipway-url";
  private static final String WORK = "work-";

  private final Path folder;
  private final String ssh;
  private final KeyedLock<String> fetching = new KeyedLock<>();
  private final Map<String, Integer> using = new HashMap<>();

  public GitCheckouts(Path folder) throws IOException {
    this(folder, "ssh");
  }

  /**
   * As {@link #GitCheckouts(Path)}.
   *
   * @param ssh the program that connects to hosts
   */
  GitCheckouts(Path folder, String ssh) throws IOException {
    this.ssh = ssh;
    this.folder = Files.createDirectories(folder);
    try (var there = Files.newDirectoryStream(folder, WORK + "*")) {
      for (Path leftover : there) {
        remove(leftover);
      }
    }
  }

  /** The commit that a remote's ref leads to now; a whole commit id is believed. */
  public String resolve(GitRemote remote, CallerSecrets secrets) throws InterruptedException {
    if (COMMIT.matcher(remote.ref()).matches()) {
      return checked(remote, remote.ref());
    }
    String ref = remote.ref().isEmpty() ? "HEAD" : remote.ref();
    String listed =
        program(remote, secrets).run(folder, "ls-remote", remote.url(), ref, ref + "^{}");
    String found = "";
    int best = 0;
    for (String line : listed.lines().toList()) {
      String[] words = line.split("\t");
      int rank = rank(words[1], ref);
      if (rank > best) {
        best = rank;
        found = words[0];
      }
    }
    if (found.isEmpty()) {
      throw SlipwayException.notFound(
          "repository does not contain ref " + ref + ", output: \"" + listed.strip() + "\"");
    }
    return checked(remote, found);
  }

  /** What is meant first: the exact name, then a tag (what it is of), then a branch. */
  private static int rank(String name, String ref) {
    if (name.equals(ref)) {
      return 5;
    }
    if (name.equals("refs/tags/" + ref + "^{}") || name.equals(ref + "^{}")) {
      return 4;
    }
    return name.equals("refs/tags/" + ref) ? 3 : name.equals("refs/heads/" + ref) ? 2 : 0;
  }

  private static String checked(GitRemote remote, String commit) {
    if (!commit.startsWith(remote.checksum())) {
      throw SlipwayException.invalid(
          "expected checksum to match " + remote.checksum() + ", got " + commit);
    }
    return commit;
  }

  /**
   * Puts the files of a commit into an empty directory, all of them the daemon's user's.
   *
   * @param commit as {@link #resolve} told
   */
  public void checkOut(GitRemote remote, String commit, CallerSecrets secrets, Path target)
      throws IOException, InterruptedException {
    GitProgram git = program(remote, secrets);
    Path work = Files.createDirectory(folder.resolve(WORK + UUID.randomUUID()));
    hold(name(remote));
    try {
      Path bare = fetch(git, remote, commit);
      git.run(work, "init", "-q");
      git.run(work, "remote", "add", "origin", remote.url());
      git.run(work, "fetch", "-q", "--depth=1", "file://" + bare, KEPT + commit);
      git.run(work, "checkout", "-q", "FETCH_HEAD");
      if (remote.submodules() && Files.exists(work.resolve(".gitmodules"))) {
        git.run(work, "submodule", "update", "-q", "--init", "--recursive", "--depth=1");
      }
      if (!remote.keepGitDirectory()) {
        removeGit(work);
      }
      if (remote.commitTimes()) {
        setTimes(work, time(git, bare, commit));
      }
      move(part(remote, work), target);
    } finally {
      release(name(remote));
      remove(work);
    }
  }

  private GitProgram program(GitRemote remote, CallerSecrets secrets) {
    return new GitProgram(folder, ssh, remote, secrets);
  }

  /** The bare repository of the URL, with the commit in it. */
  private Path fetch(GitProgram git, GitRemote remote, String commit)
      throws IOException, InterruptedException {
    String name = name(remote);
    try (KeyedLock.Held _ = fetching.lock(name)) {
      Path bare = folder.resolve(name);
      if (!Files.exists(bare.resolve("HEAD"))) {
        Files.createDirectories(bare);
        git.run(bare, "init", "-q", "--bare");
      }
      if (!has(git, bare, commit)) {
        fetchInto(git, bare, remote, commit);
      }
      Files.writeString(bare.resolve(ORIGIN), KeptRemote.withoutLogin(remote.url()));
      return bare;
    }
  }

  private static String name(GitRemote remote) {
    return Digest.of(remote.url().getBytes(StandardCharsets.UTF_8)).hex();
  }

  private synchronized void hold(String name) {
    using.merge(name, 1, Integer::sum);
  }

  private synchronized void release(String name) {
    using.computeIfPresent(name, (n, count) -> count == 1 ? null : count - 1);
  }

  /** The repositories that are kept. */
  List<KeptRemote> list() throws IOException {
    var kept = new ArrayList<KeptRemote>();
    try (var repositories = Files.newDirectoryStream(folder, Files::isDirectory)) {
      for (Path repository : repositories) {
        Path origin = repository.resolve(ORIGIN);
        if (Files.exists(origin)) {
          kept.add(kept(repository, origin));
        }
      }
    }
    return kept;
  }

  private KeptRemote kept(Path repository, Path origin) throws IOException {
    String name = repository.getFileName().toString();
    Instant created =
        Files.readAttributes(repository, BasicFileAttributes.class).creationTime().toInstant();
    boolean inUse;
    synchronized (this) {
      inUse = using.containsKey(name);
    }
    return new KeptRemote(
        name,
        KeptRemote.Kind.REPOSITORY,
        Files.readString(origin),
        UsageMeter.measure(repository).bytes(),
        created,
        Files.getLastModifiedTime(origin).toInstant(),
        Optional.empty(),
        inUse);
  }

  /** False if a checkout is made of it now, or if it is gone. */
  boolean remove(String name) throws IOException {
    Path gone = folder.resolve(WORK + UUID.randomUUID());
    synchronized (this) {
      if (using.containsKey(name) || !Files.exists(folder.resolve(name))) {
        return false;
      }
      Files.move(folder.resolve(name), gone);
    }
    remove(gone);
    return true;
  }

  private static boolean has(GitProgram git, Path bare, String commit) throws InterruptedException {
    return !git.run(bare, "for-each-ref", KEPT + commit).isBlank();
  }

  /** Servers may refuse to give a commit by its id; then its ref is asked for, then everything. */
  private static void fetchInto(GitProgram git, Path bare, GitRemote remote, String commit)
      throws InterruptedException {
    String name = KEPT + commit;
    String ref = remote.ref().isEmpty() ? "HEAD" : remote.ref();
    List<List<String>> ways =
        List.of(
            List.of("fetch", "-q", "--no-tags", "--depth=1", remote.url(), commit + ":" + name),
            List.of("fetch", "-q", "--no-tags", "--depth=1", remote.url(), "+" + ref + ":" + name),
            List.of("fetch", "-q", "--tags", remote.url(), "+refs/*:refs/remote/*"));
    SlipwayException failure = null;
    for (List<String> way : ways) {
      try {
        git.run(bare, new ArrayList<>(way));
        git.run(bare, "update-ref", name, commit);
        return;
      } catch (SlipwayException e) {
        if (e.kind() == ErrorKind.UNAUTHORIZED || e.kind() == ErrorKind.UNSUPPORTED) {
          throw e;
        }
        failure = e;
      }
    }
    throw failure;
  }

  private static FileTime time(GitProgram git, Path bare, String commit)
      throws InterruptedException {
    String seconds = git.run(bare, "show", "-s", "--format=%ct", commit).strip();
    return FileTime.from(Instant.ofEpochSecond(Long.parseLong(seconds)));
  }

  /** Never through a link of the repository: it may lead to the daemon's own files. */
  private static Path part(GitRemote remote, Path work) {
    Path part = work;
    for (String name : remote.subdirectory().split("/")) {
      part = part.resolve(name);
      if (!Files.isDirectory(part, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
        throw SlipwayException.notFound(
            "subdir "
                + remote.subdirectory()
                + " does not exist in git repository "
                + remote.url());
      }
    }
    return part;
  }

  private static void move(Path from, Path to) throws IOException {
    try (var entries = Files.newDirectoryStream(from)) {
      for (Path entry : entries) {
        Files.move(entry, to.resolve(entry.getFileName()));
      }
    }
  }

  /** Also the files of that name in submodules, which lead to what is removed. */
  private static void removeGit(Path work) throws IOException {
    List<Path> found = new ArrayList<>();
    try (var all = Files.walk(work)) {
      all.filter(path -> path.endsWith(".git")).forEach(found::add);
    }
    for (Path path : found) {
      remove(path);
    }
  }

  private static void setTimes(Path root, FileTime time) throws IOException {
    List<Path> paths;
    try (var all = Files.walk(root)) {
      paths = all.toList();
    }
    for (Path path : paths) {
      Files.getFileAttributeView(
              path,
              java.nio.file.attribute.BasicFileAttributeView.class,
              java.nio.file.LinkOption.NOFOLLOW_LINKS)
          .setTimes(time, time, null);
    }
  }

  private static void remove(Path root) throws IOException {
    if (!Files.exists(root, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
