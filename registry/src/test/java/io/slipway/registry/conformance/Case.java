package io.slipway.registry.conformance;

import java.util.function.Consumer;

/**
 * One thing a registry has to do. Cases share no repository, so each can run alone.
 *
 * @param since where the promise comes from; a registry that does not claim that much may fail it
 */
record Case(String name, Since since, Consumer<Probe> steps) {

  /** What a case demands. */
  enum Since {
    /** Pulls, pushes and lists, as any registry since docker's gives them. */
    CORE,
    /** The distribution-spec 1.1 and the drafts after it. */
    SPEC,
    /** What we promise beyond the specification. */
    OURS
  }
}
