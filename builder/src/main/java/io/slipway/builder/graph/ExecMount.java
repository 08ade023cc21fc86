package io.slipway.builder.graph;

import io.slipway.image.model.Bytes;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Something mounted for one command; never part of the resulting tree. */
public sealed interface ExecMount {

  /** Absolute path in the container. */
  String target();

  /**
   * @param withoutSource leave out what content keys replace: the path in the input
   */
  Identity identity(boolean withoutSource);

  /**
   * A file or directory of an input.
   *
   * @param source path in the input's tree
   * @param writable writes succeed and are thrown away
   */
  record Bind(int input, String source, String target, boolean writable) implements ExecMount {
    public Bind {
      Objects.requireNonNull(source, "source");
      Objects.requireNonNull(target, "target");
    }

    @Override
    public Identity identity(boolean withoutSource) {
      return Identity.of("bind")
          .add("input", input)
          .addIf(!withoutSource, "source", source)
          .add("writable", writable)
          .build();
    }
  }

  /** How concurrent commands use one cache directory. */
  enum Sharing {
    SHARED,
    PRIVATE,
    LOCKED
  }

  /**
   * A directory that outlives the build.
   *
   * @param id which directory; everything that mounts this id sees the same files
   * @param customId whether the Dockerfile names the id; what the name is does not change the key
   * @param mode permissions of a new cache directory
   * @param initial what a new cache directory holds; nothing if empty
   */
  record Cache(
      String id,
      boolean customId,
      String target,
      Sharing sharing,
      boolean readOnly,
      OptionalInt mode,
      OptionalLong uid,
      OptionalLong gid,
      Optional<Initial> initial)
      implements ExecMount {
    /**
     * A directory of an input.
     *
     * @param source path in the input's tree
     */
    public record Initial(int input, String source) {
      public Initial {
        Objects.requireNonNull(source, "source");
      }
    }

    public Cache {
      Objects.requireNonNull(initial, "initial");
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(target, "target");
      Objects.requireNonNull(sharing, "sharing");
      Objects.requireNonNull(mode, "mode");
      Objects.requireNonNull(uid, "uid");
      Objects.requireNonNull(gid, "gid");
    }

    /** Permissions of a new directory. */
    public int modeOrDefault() {
      return mode.orElse(0755);
    }

    @Override
    public Identity identity(boolean withoutSource) {
      return Identity.of("cache")
          .add("custom-id", customId)
          .add("sharing", sharing)
          .add("read-only", readOnly)
          .addIf(initial.isPresent(), "initial", initial.map(Initial::source).orElse(""))
          .build();
    }
  }

  /**
   * A secret of the caller, as a file, a variable or both. Its value is never part of a key.
   *
   * @param target path of the file; empty for a variable only
   * @param variable that carries the value; empty for a file only
   * @param required fail when the caller does not give it
   */
  record Secret(
      String id,
      String target,
      Optional<String> variable,
      boolean required,
      int mode,
      long uid,
      long gid)
      implements ExecMount {
    public Secret {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(target, "target");
      Objects.requireNonNull(variable, "variable");
    }

    @Override
    public Identity identity(boolean withoutSource) {
      return Identity.of("secret")
          .add("id", id)
          .addIf(variable.isPresent(), "env", variable.orElse(""))
          .add("required", required)
          .add("mode", Integer.toOctalString(mode))
          .add("uid", uid)
          .add("gid", gid)
          .build();
    }
  }

  /**
   * The socket of an SSH agent of the caller.
   *
   * @param required fail when the caller does not forward it
   */
  record Ssh(String id, String target, boolean required, int mode, long uid, long gid)
      implements ExecMount {
    public Ssh {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(target, "target");
    }

    @Override
    public Identity identity(boolean withoutSource) {
      return Identity.of("ssh")
          .add("id", id)
          .add("required", required)
          .add("mode", Integer.toOctalString(mode))
          .add("uid", uid)
          .add("gid", gid)
          .build();
    }
  }

  /** Memory that is gone after the command. */
  record Tmpfs(String target, OptionalLong sizeBytes) implements ExecMount {
    public Tmpfs {
      Objects.requireNonNull(target, "target");
      Objects.requireNonNull(sizeBytes, "sizeBytes");
    }

    @Override
    public Identity identity(boolean withoutSource) {
      return Identity.of("tmpfs")
          .add("size", sizeBytes.isPresent() ? sizeBytes.getAsLong() : "unlimited")
          .build();
    }
  }

  /** A read-only executable file: the body of a heredoc that begins with {@code #!}. */
  record Script(String target, Bytes content) implements ExecMount {
    public Script {
      Objects.requireNonNull(target, "target");
      Objects.requireNonNull(content, "content");
    }

    @Override
    public Identity identity(boolean withoutSource) {
      return Identity.of("script").add("content", content.digest()).build();
    }
  }
}
