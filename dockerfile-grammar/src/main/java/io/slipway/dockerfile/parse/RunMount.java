package io.slipway.dockerfile.parse;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * One {@code RUN --mount=...}, read and checked.
 *
 * @param from stage, context or image; never expanded
 * @param source path in {@code from}; for a secret another name of {@code id}
 * @param target as written, relative to the working directory or absolute; empty if not given
 * @param readOnly with the type's default applied: cache and tmpfs are writable, others are not
 * @param required of secret and ssh
 * @param env of secret: the variable that carries the value
 * @param sharing of cache
 * @param sizeBytes of tmpfs
 */
public record RunMount(
    Type type,
    Optional<String> from,
    Optional<String> source,
    Optional<String> target,
    boolean readOnly,
    boolean required,
    Optional<String> id,
    Optional<String> env,
    Optional<Sharing> sharing,
    OptionalLong sizeBytes,
    OptionalInt mode,
    OptionalLong uid,
    OptionalLong gid) {

  /** The kinds of mounts, in lower case as written. */
  public enum Type {
    BIND,
    CACHE,
    TMPFS,
    SECRET,
    SSH
  }

  /** Who may use a cache at once. */
  public enum Sharing {
    SHARED,
    PRIVATE,
    LOCKED
  }

  public RunMount {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(env, "env");
    Objects.requireNonNull(sharing, "sharing");
    Objects.requireNonNull(sizeBytes, "sizeBytes");
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(uid, "uid");
    Objects.requireNonNull(gid, "gid");
  }

  /**
   * Reads a flag's value.
   *
   * @param expander gives an option's value its variables; what it throws passes through
   * @throws FlagValueException with the sentence {@code docker build} uses
   */
  public static RunMount parse(String flagValue, UnaryOperator<String> expander) {
    var reader = new RunMountReader(expander);
    RunMountReader.fields(flagValue).forEach(reader::read);
    return reader.finish();
  }

  /**
   * Checks what can be checked before variables are known: that the value is comma-separated and
   * that no variable stands where none may.
   *
   * @throws FlagValueException with the sentence {@code docker build} uses
   */
  static void checkUnexpanded(String flagValue) {
    RunMountReader.fields(flagValue).forEach(RunMountReader::checkUnexpanded);
  }
}
