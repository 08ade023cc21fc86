package io.slipway.builder.context;

import io.slipway.builder.graph.ContentRead;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Digest;
import io.slipway.image.task.SingleFlight;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files of one build: its Dockerfile, and the tree that COPY, ADD and bind mounts see. Safe for
 * many threads; made by {@link BuildContexts}.
 */
public final class BuildContext implements AutoCloseable {
  private final ReadDockerfile dockerfile;
  private final SourceTree files;
  private final KnownDigests known;
  private final boolean inPlace;
  private final Ending ending;
  private final Map<ContentRead, ReadContent> contents = new ConcurrentHashMap<>();
  private final SingleFlight<ContentRead, ReadContent> reading = new SingleFlight<>();

  /** What closing means besides. */
  interface Ending {
    void run() throws IOException;
  }

  BuildContext(
      ReadDockerfile dockerfile,
      SourceTree files,
      KnownDigests known,
      boolean inPlace,
      Ending ending) {
    this.dockerfile = dockerfile;
    this.files = files;
    this.known = known;
    this.inPlace = inPlace;
    this.ending = ending;
  }

  /** The Dockerfile's name: from the context's root, or what the caller called its text. */
  public String dockerfileName() {
    return dockerfile.name();
  }

  /** The Dockerfile, whether the ignore rules leave it out or not. */
  public Bytes dockerfile() {
    return dockerfile.text();
  }

  /**
   * Whether the ignore rules leave out a path for certain; where they have exceptions, nothing is
   * certain. The path may be a pattern: it is taken literally.
   */
  public boolean isIgnored(String path) {
    PathPatterns rules = dockerfile.ignored();
    return !rules.hasExceptions() && rules.excludes(String.join("/", GoPaths.namesInRoot(path)));
  }

  /** Whether a path, or a pattern, names anything that is not ignored. */
  public boolean exists(String path) {
    return !matches(path).isEmpty();
  }

  /** Whether a path, or something that a pattern matches, is a directory. */
  public boolean isDirectory(String path) {
    return matches(path).stream().anyMatch(match -> match.status().isDirectory());
  }

  private List<SourceMatch> matches(String path) {
    try {
      return SourceMatches.find(files, path, true);
    } catch (IOException | SlipwayException e) {
      // the copy itself will say what is wrong
      return List.of();
    }
  }

  /** The files that are not ignored, all of them root's. */
  public SourceTree files() {
    return files;
  }

  /**
   * The digest of what is read; the input's number does not matter. Equal reads are made once.
   *
   * @throws SlipwayException as {@link SourceMatches#find}
   */
  public Digest content(ContentRead read) throws IOException {
    return listed(read).digest();
  }

  /** As {@link #content}, with what there is. */
  public ReadContent listed(ContentRead read) throws IOException {
    ContentRead key =
        new ContentRead(0, read.path(), read.wildcards(), read.excludes(), read.parents());
    ReadContent done = contents.get(key);
    if (done != null) {
      return done;
    }
    try {
      return reading.run(key, () -> first(key));
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorKind.CANCELLED, "reading the build context was cancelled", e);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /**
   * Whether what {@link #content} has read is still there unchanged. A directory that is read in
   * place may change under a build; what was copied from it then belongs to no key. Costs a status
   * per file.
   */
  public boolean isUnchanged(ContentRead read) throws IOException {
    // A new session, so that what a clock tick may hide is read again.
    KnownDigests again = KnownDigests.in(known.files());
    return !inPlace
        || ContentDigests.read(files, read, Optional.of(again)).digest().equals(content(read));
  }

  private ReadContent first(ContentRead read) throws IOException {
    ReadContent earlier = contents.get(read);
    if (earlier != null) {
      return earlier;
    }
    ReadContent content = ContentDigests.read(files, read, Optional.of(known));
    contents.put(read, content);
    return content;
  }

  /** Removes what was unpacked and remembers what was read. */
  @Override
  public void close() {
    try {
      ending.run();
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "closing the build context: " + e.getMessage(), e);
    }
  }
}
