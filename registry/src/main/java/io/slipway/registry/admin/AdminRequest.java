package io.slipway.registry.admin;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Objects;

/** An order. Texts that are empty mean the setting of the registry. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "task")
@JsonSubTypes({
  @JsonSubTypes.Type(value = AdminRequest.Collect.class, name = "gc"),
  @JsonSubTypes.Type(value = AdminRequest.Scrub.class, name = "scrub"),
  @JsonSubTypes.Type(value = AdminRequest.Check.class, name = "fsck"),
  @JsonSubTypes.Type(value = AdminRequest.Rebuild.class, name = "rebuild"),
  @JsonSubTypes.Type(value = AdminRequest.Usage.class, name = "du"),
  @JsonSubTypes.Type(value = AdminRequest.Import.class, name = "import"),
  @JsonSubTypes.Type(value = AdminRequest.Retain.class, name = "retention")
})
public sealed interface AdminRequest {

  /** Garbage collection; {@code dryRun}: only tell; {@code grace}: a duration. */
  record Collect(boolean dryRun, String grace) implements AdminRequest {
    public Collect {
      Objects.requireNonNull(grace, "grace");
    }
  }

  /** Reads everything not read within {@code olderThan}, {@code rate} bytes a second. */
  record Scrub(String rate, String olderThan) implements AdminRequest {
    public Scrub {
      Objects.requireNonNull(rate, "rate");
      Objects.requireNonNull(olderThan, "olderThan");
    }
  }

  /** Compares metadata and blobs, and repairs if asked to. */
  record Check(boolean repair) implements AdminRequest {}

  /** Makes metadata that was lost anew. */
  record Rebuild() implements AdminRequest {}

  /** What repositories hold. */
  record Usage() implements AdminRequest {}

  /**
   * Takes in what another registry or tool left in a folder of this machine: the tree of
   * distribution (docker-registry), or an OCI layout, whose images come into {@code repository}.
   */
  record Import(String source, String repository) implements AdminRequest {
    public Import {
      Objects.requireNonNull(source, "source");
      Objects.requireNonNull(repository, "repository");
    }
  }

  /** Removes tags by rules; {@code rules} empty: the configured ones. */
  record Retain(boolean dryRun, List<String> rules) implements AdminRequest {
    public Retain {
      rules = List.copyOf(rules);
    }
  }
}
