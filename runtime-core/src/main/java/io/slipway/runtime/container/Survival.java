package io.slipway.runtime.container;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.process.DescriptorKeeper;
import io.slipway.runtime.process.DescriptorKeeper.Kept;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a daemon needs of the containers of the one before it: for each its first process, its root
 * and its ends of the streams. The end of its input is kept by itself, because closing that must
 * close every copy.
 */
final class Survival implements AutoCloseable {
  private static final String INPUT = "/input";
  private static final String PROCESS = "process";
  private static final String ROOT = "root";
  private static final String DEVPTS = "devpts";

  private final DescriptorKeeper keeper;

  Survival(DescriptorKeeper keeper) {
    this.keeper = keeper;
  }

  /** Keeps a container that has just started; the streams do not flow yet. */
  Kept keep(String id, Fd process, Fd root, Optional<Fd> devpts, ProcessStreams streams)
      throws IOException {
    Map<String, Fd> all = new LinkedHashMap<>();
    all.put(PROCESS, process);
    all.put(ROOT, root);
    devpts.ifPresent(fd -> all.put(DEVPTS, fd));
    all.putAll(streams.ourEnds());
    Fd input = all.remove(StartFacts.STDIN);
    Kept kept = keeper.keep(id, all);
    if (input != null) {
      keepInput(id, streams, input);
    }
    return kept;
  }

  private void keepInput(String id, ProcessStreams streams, Fd input) throws IOException {
    streams.alsoCloseInput(keeper.keep(id + INPUT, Map.of(StartFacts.STDIN, input)));
  }

  /**
   * What is left of a container.
   *
   * @param kept to be closed with the container
   * @param input the same for the end of its input
   * @param ends of its streams
   */
  record Remains(
      Kept kept,
      Optional<Kept> input,
      Fd process,
      Fd root,
      Optional<Fd> devpts,
      Map<String, Fd> ends) {
    void close() throws IOException {
      process.close();
      root.close();
      devpts.ifPresent(Fd::close);
      ends.values().forEach(Fd::close);
      if (input.isPresent()) {
        input.get().close();
      }
      kept.close();
    }
  }

  /** Takes a container over; empty if the last daemon did not leave it. */
  Optional<Remains> take(String id) {
    Optional<Kept> kept = find(id);
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    Optional<Kept> input = find(id + INPUT);
    Map<String, Fd> all = new LinkedHashMap<>(kept.get().take());
    input.ifPresent(one -> all.putAll(one.take()));
    Fd process = all.remove(PROCESS);
    Fd root = all.remove(ROOT);
    Optional<Fd> devpts = Optional.ofNullable(all.remove(DEVPTS));
    return Optional.of(new Remains(kept.get(), input, process, root, devpts, all));
  }

  private Optional<Kept> find(String name) {
    return keeper.inherited().stream().filter(kept -> kept.name().equals(name)).findFirst();
  }

  /** The containers that can be taken over. */
  Set<String> ids() {
    return keeper.inherited().stream()
        .map(Kept::name)
        .filter(name -> !name.endsWith(INPUT))
        .collect(Collectors.toSet());
  }

  /** Lets go of all but these. */
  void retain(Set<String> ids) throws IOException {
    for (Kept kept : keeper.inherited()) {
      String name = kept.name();
      String id = name.endsWith(INPUT) ? name.substring(0, name.length() - INPUT.length()) : name;
      if (!ids.contains(id)) {
        kept.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    keeper.close();
  }
}
