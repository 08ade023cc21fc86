package io.slipway.builder.graph;

import io.slipway.builder.remote.GitRemote;
import io.slipway.image.model.ChainId;
import io.slipway.image.model.Digest;
import io.slipway.image.model.Platform;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One operation, as plain data. It has one result: a file tree, or the tree of a context. Inputs
 * are named by their index in {@link Vertex#inputs}.
 */
public sealed interface Op permits Op.Source, Exec, FileActions, Op.Merge, Op.Squash {

  /** What enters the key under which the result is known once the inputs' keys are known. */
  Identity identity();

  /**
   * What enters the key when the inputs that {@link #contentReads} names are known by what they
   * hold instead of by how they were made.
   */
  default Identity contentIdentity() {
    return identity();
  }

  /** The paths that are read from inputs whose content may stand for their key. */
  default List<ContentRead> contentReads() {
    return List.of();
  }

  /** An operation without inputs. */
  sealed interface Source extends Op {}

  /**
   * The file tree of an image; without layers, an empty tree.
   *
   * @param name as the Dockerfile gives it, for people
   * @param imageId the image; empty for {@code scratch}
   * @param rootFs the stack of its layers, which is what the result depends on
   */
  record ImageSource(
      String name, Optional<Digest> imageId, Optional<ChainId> rootFs, Platform platform)
      implements Source {

    public ImageSource {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(imageId, "imageId");
      Objects.requireNonNull(rootFs, "rootFs");
      Objects.requireNonNull(platform, "platform");
    }

    /** The empty tree. */
    public static ImageSource scratch(Platform platform) {
      return new ImageSource("scratch", Optional.empty(), Optional.empty(), platform);
    }

    @Override
    public Identity identity() {
      return Identity.of("image")
          .add("rootfs", rootFs.map(ChainId::toString).orElse("scratch"))
          .add("platform", platform)
          .build();
    }
  }

  /**
   * The files that came with the build. Its key says nothing about the files, so an operation on it
   * is always known by content.
   *
   * @param name which context; {@link #MAIN} or that of a named one
   */
  record LocalSource(String name) implements Source {
    /** The build's own context. */
    public static final String MAIN = "context";

    public LocalSource {
      Objects.requireNonNull(name, "name");
    }

    @Override
    public Identity identity() {
      return Identity.of("local").add("name", name).build();
    }
  }

  /**
   * A downloaded file.
   *
   * @param fileName the name of the file in the result's root
   * @param checksum what the content must be, if given
   */
  record HttpSource(URI url, String fileName, Optional<Digest> checksum) implements Source {
    public HttpSource {
      Objects.requireNonNull(url, "url");
      Objects.requireNonNull(fileName, "fileName");
      Objects.requireNonNull(checksum, "checksum");
    }

    @Override
    public Identity identity() {
      return Identity.of("http")
          .add("url", url)
          .add("file", fileName)
          .add("checksum", checksum.map(Digest::toString).orElse(""))
          .build();
    }
  }

  /** A checkout of a git repository; which commit a ref leads to is found out by each build. */
  record GitSource(GitRemote remote) implements Source {
    public GitSource {
      Objects.requireNonNull(remote, "remote");
    }

    @Override
    public Identity identity() {
      return Identity.of("git")
          .add("remote", remote.url())
          .add("ref", remote.ref())
          .add("subdirectory", remote.subdirectory())
          .add("keep-git-directory", remote.keepGitDirectory())
          .addIf(!remote.submodules(), "submodules", remote.submodules())
          .addIf(remote.commitTimes(), "mtime", "commit")
          .build();
    }
  }

  /** The changes of input 1 and those after it laid over input 0, in order. */
  record Merge() implements Op {
    @Override
    public Identity identity() {
      return Identity.of("merge").build();
    }
  }

  /**
   * The layers of the input as one.
   *
   * @param keep how many of the first ones stay as they are
   */
  record Squash(int keep) implements Op {
    @Override
    public Identity identity() {
      return Identity.of("squash").add("keep", keep).build();
    }
  }
}
