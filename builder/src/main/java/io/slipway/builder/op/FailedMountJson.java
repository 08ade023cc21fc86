package io.slipway.builder.op;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.slipway.builder.graph.ExecMount;
import io.slipway.image.model.Bytes;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A mount of a failed step as JSON; what the caller lent is there by its name alone. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = FailedMountJson.Bind.class, name = "bind"),
  @JsonSubTypes.Type(value = FailedMountJson.Cache.class, name = "cache"),
  @JsonSubTypes.Type(value = FailedMountJson.Tmpfs.class, name = "tmpfs"),
  @JsonSubTypes.Type(value = FailedMountJson.Script.class, name = "script"),
  @JsonSubTypes.Type(value = FailedMountJson.Secret.class, name = "secret"),
  @JsonSubTypes.Type(value = FailedMountJson.Ssh.class, name = "ssh")
})
@JsonIgnoreProperties(ignoreUnknown = true)
sealed interface FailedMountJson {

  ExecMount mount();

  static FailedMountJson of(ExecMount mount) {
    return switch (mount) {
      case ExecMount.Bind m -> new Bind(m.target(), m.input(), m.source(), m.writable());
      case ExecMount.Cache m -> Cache.of(m);
      case ExecMount.Tmpfs m -> new Tmpfs(m.target(), boxed(m.sizeBytes()));
      case ExecMount.Script m -> new Script(m.target(), m.content().toArray());
      case ExecMount.Secret m ->
          new Secret(m.target(), m.id(), m.mode(), m.uid(), m.gid(), m.variable().orElse(null));
      case ExecMount.Ssh m -> new Ssh(m.target(), m.id(), m.mode(), m.uid(), m.gid());
    };
  }

  private static Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private static OptionalLong optional(Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  record Bind(
      @JsonProperty("target") String target,
      @JsonProperty("input") int input,
      @JsonProperty("source") String source,
      @JsonProperty("writable") boolean writable)
      implements FailedMountJson {

    @Override
    public ExecMount mount() {
      return new ExecMount.Bind(input, source, target, writable);
    }
  }

  /**
   * @param input and {@code source}: the initial content; null if it is empty
   */
  record Cache(
      @JsonProperty("target") String target,
      @JsonProperty("id") String id,
      @JsonProperty("customId") boolean customId,
      @JsonProperty("sharing") ExecMount.Sharing sharing,
      @JsonProperty("writable") boolean writable,
      @JsonProperty("mode") Integer mode,
      @JsonProperty("uid") Long uid,
      @JsonProperty("gid") Long gid,
      @JsonProperty("input") Integer input,
      @JsonProperty("source") String source)
      implements FailedMountJson {

    static Cache of(ExecMount.Cache m) {
      return new Cache(
          m.target(),
          m.id(),
          m.customId(),
          m.sharing(),
          !m.readOnly(),
          m.mode().isPresent() ? m.mode().getAsInt() : null,
          boxed(m.uid()),
          boxed(m.gid()),
          m.initial().map(ExecMount.Cache.Initial::input).orElse(null),
          m.initial().map(ExecMount.Cache.Initial::source).orElse(null));
    }

    @Override
    public ExecMount mount() {
      return new ExecMount.Cache(
          id,
          customId,
          target,
          sharing,
          !writable,
          mode == null ? OptionalInt.empty() : OptionalInt.of(mode),
          optional(uid),
          optional(gid),
          Optional.ofNullable(input).map(number -> new ExecMount.Cache.Initial(number, source)));
    }
  }

  record Tmpfs(@JsonProperty("target") String target, @JsonProperty("size") Long size)
      implements FailedMountJson {

    @Override
    public ExecMount mount() {
      return new ExecMount.Tmpfs(target, optional(size));
    }
  }

  record Script(@JsonProperty("target") String target, @JsonProperty("content") byte[] content)
      implements FailedMountJson {

    @Override
    public ExecMount mount() {
      return new ExecMount.Script(target, Bytes.copyOf(content));
    }
  }

  /**
   * @param variable null if there is none
   */
  record Secret(
      @JsonProperty("target") String target,
      @JsonProperty("id") String id,
      @JsonProperty("mode") int mode,
      @JsonProperty("uid") long uid,
      @JsonProperty("gid") long gid,
      @JsonProperty("variable") String variable)
      implements FailedMountJson {

    @Override
    public ExecMount mount() {
      return new ExecMount.Secret(id, target, Optional.ofNullable(variable), false, mode, uid, gid);
    }
  }

  record Ssh(
      @JsonProperty("target") String target,
      @JsonProperty("id") String id,
      @JsonProperty("mode") int mode,
      @JsonProperty("uid") long uid,
      @JsonProperty("gid") long gid)
      implements FailedMountJson {

    @Override
    public ExecMount mount() {
      return new ExecMount.Ssh(id, target, false, mode, uid, gid);
    }
  }
}
