package io.slipway.builder.solver;

import io.slipway.builder.cache.CacheIndex;
import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.context.ContentListing;
import io.slipway.builder.context.ReadContent;
import io.slipway.builder.graph.ContentRead;
import io.slipway.builder.graph.Identity;
import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.Vertex;
import io.slipway.image.model.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Works out keys, running as little as possible: of what an operation reads, only inputs whose own
 * key does not lead to a known result have to be there.
 */
final class KeyFinder {
  private final CacheIndex index;
  private final OpRunner runner;
  private final Tasks tasks;
  private final Function<Vertex, CompletableFuture<Result>> results;
  private final CompletableFuture<Void> busy;
  private final Map<Vertex, CompletableFuture<Optional<FoundKey>>> found =
      new ConcurrentHashMap<>();

  /**
   * @param results starts finding or making a vertex's result
   * @param busy completes when the first step has to be carried out
   */
  KeyFinder(
      CacheIndex index,
      OpRunner runner,
      Tasks tasks,
      Function<Vertex, CompletableFuture<Result>> results,
      CompletableFuture<Void> busy) {
    this.index = index;
    this.runner = runner;
    this.tasks = tasks;
    this.results = results;
    this.busy = busy;
  }

  /** The key; empty for a context, which is only ever known by what is read from it. */
  CompletableFuture<Optional<FoundKey>> of(Vertex vertex) {
    return found.computeIfAbsent(
        vertex, wanted -> tasks.start("key of " + wanted.info().name(), () -> find(wanted)));
  }

  /** The key if it has been found already. */
  Optional<FoundKey> known(Vertex vertex) {
    CompletableFuture<Optional<FoundKey>> search = found.get(vertex);
    return search == null || !search.isDone() || search.isCompletedExceptionally()
        ? Optional.empty()
        : search.join();
  }

  private Optional<FoundKey> find(Vertex vertex) throws Exception {
    if (vertex.op() instanceof Op.LocalSource) {
      return Optional.empty();
    }
    boolean readsContent = !vertex.op().contentReads().isEmpty();
    var searching = new AtomicBoolean(readsContent);
    if (readsContent) {
      vertex.inputs().forEach(input -> startEarly(input, searching));
    }
    List<Optional<CacheKey>> inputs = inputKeys(vertex);
    Optional<CacheKey> byDefinition = byDefinition(vertex, inputs);
    FoundKey key =
        readsContent
            ? byContent(vertex, inputs, byDefinition)
            : lookedUp(
                byDefinition.orElseThrow(),
                Optional.empty(),
                parts(vertex, inputs, List.of()),
                Map.of());
    searching.set(false);
    return Optional.of(vertex.info().ignoreCache() ? fresh(key) : key);
  }

  /**
   * Once something has to be run, the inputs of steps whose keys are not known yet because of that
   * are started too, or independent stages would wait for each other. Results that are there are
   * found as ever; a missing one is hardly ever not needed.
   */
  private void startEarly(Vertex input, AtomicBoolean searching) {
    CompletableFuture.allOf(of(input), busy)
        .thenRun(() -> {
          if (searching.get()) {
            results.apply(input);
          }
        });
  }

  private List<Optional<CacheKey>> inputKeys(Vertex vertex) throws Exception {
    List<CompletableFuture<Optional<FoundKey>>> started =
        vertex.inputs().stream().map(this::of).toList();
    var keys = new ArrayList<Optional<CacheKey>>();
    for (CompletableFuture<Optional<FoundKey>> input : started) {
      keys.add(Tasks.await(input).map(FoundKey::key));
    }
    return keys;
  }

  private Optional<CacheKey> byDefinition(Vertex vertex, List<Optional<CacheKey>> inputs)
      throws Exception {
    if (inputs.stream().anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    List<Digest> digests = new ArrayList<>();
    inputs.forEach(key -> digests.add(key.orElseThrow().digest()));
    if (vertex.op() instanceof Op.Source source) {
      current(vertex, source).ifPresent(digests::add);
    }
    return Optional.of(CacheKey.of(vertex.op().identity(), digests));
  }

  private Optional<Digest> current(Vertex vertex, Op.Source source) throws Exception {
    try {
      return runner.current(source);
    } catch (Exception e) {
      throw tasks.failed() ? e : StepFailure.locate(vertex, e);
    }
  }

  private FoundKey lookedUp(
      CacheKey key,
      Optional<CacheKey> alsoCalled,
      List<Identity.Part> parts,
      Map<Digest, ContentListing> listings) {
    CacheKey canonical = index.canonical(key).orElse(key);
    var names = new ArrayList<CacheKey>();
    alsoCalled.ifPresent(names::add);
    if (!canonical.equals(key)) {
      names.add(key);
    }
    return new FoundKey(canonical, names, parts, listings);
  }

  private FoundKey byContent(
      Vertex vertex, List<Optional<CacheKey>> inputs, Optional<CacheKey> byDefinition)
      throws Exception {
    if (byDefinition.isPresent()) {
      Optional<CacheKey> known = index.canonical(byDefinition.get());
      if (known.isPresent()) {
        return new FoundKey(
            known.get(), List.of(byDefinition.get()), parts(vertex, inputs, List.of()), Map.of());
      }
    }
    List<ReadContent> read = contents(vertex);
    List<Digest> contents = read.stream().map(ReadContent::digest).toList();
    Set<Integer> readInputs = readInputs(vertex);
    var digests = new ArrayList<Digest>();
    for (int i = 0; i < inputs.size(); i++) {
      if (!readInputs.contains(i)) {
        digests.add(inputs.get(i).orElseThrow().digest());
      }
    }
    digests.addAll(contents);
    CacheKey key = CacheKey.of(vertex.op().contentIdentity(), digests);
    FoundKey result = lookedUp(key, byDefinition, parts(vertex, inputs, contents), listings(read));
    byDefinition
        .filter(name -> !vertex.info().ignoreCache())
        .ifPresent(name -> index.alias(name, result.key()));
    return result;
  }

  private static Map<Digest, ContentListing> listings(List<ReadContent> read) {
    var listings = new HashMap<Digest, ContentListing>();
    read.forEach(
        content -> content.listing().ifPresent(listing -> listings.put(content.digest(), listing)));
    return listings;
  }

  private List<ReadContent> contents(Vertex vertex) throws Exception {
    List<ContentRead> reads = vertex.op().contentReads();
    for (int input : readInputs(vertex)) {
      results.apply(vertex.inputs().get(input));
    }
    var contents = new ArrayList<ReadContent>();
    for (ContentRead read : reads) {
      Result input = Tasks.await(results.apply(vertex.inputs().get(read.input())));
      contents.add(contentOf(vertex, read, input));
    }
    return contents;
  }

  private ReadContent contentOf(Vertex vertex, ContentRead read, Result input) throws Exception {
    try {
      return runner.content(read, input);
    } catch (Exception e) {
      throw tasks.failed() ? e : StepFailure.locate(vertex, e);
    }
  }

  private static Set<Integer> readInputs(Vertex vertex) {
    var inputs = new HashSet<Integer>();
    vertex.op().contentReads().forEach(read -> inputs.add(read.input()));
    return inputs;
  }

  /** A key nobody has had: the result is made anew, and then the usual names lead to it. */
  private static FoundKey fresh(FoundKey usual) {
    var names = new ArrayList<>(usual.otherNames());
    names.add(usual.key());
    var salt = new Identity.Part("fresh", UUID.randomUUID().toString());
    CacheKey key = CacheKey.of(new Identity("fresh", List.of(salt)), List.of(usual.key().digest()));
    return new FoundKey(key, names, usual.parts(), usual.listings());
  }

  /**
   * What the key is made of, and for people the images that inputs are. An input whose content
   * counts has no part of its own.
   */
  private static List<Identity.Part> parts(
      Vertex vertex, List<Optional<CacheKey>> inputs, List<Digest> contents) {
    var parts = new ArrayList<Identity.Part>();
    parts.add(new Identity.Part("kind", vertex.op().identity().kind()));
    parts.addAll(vertex.op().identity().parts());
    Set<Integer> read = contents.isEmpty() ? Set.of() : readInputs(vertex);
    for (int i = 0; i < inputs.size(); i++) {
      if (!read.contains(i) && inputs.get(i).isPresent()) {
        parts.add(new Identity.Part("input." + i, inputs.get(i).get().toString()));
        if (vertex.inputs().get(i).op() instanceof Op.ImageSource image) {
          String base = image.imageId().map(Digest::toString).orElse("scratch");
          parts.add(new Identity.Part("base." + i, base));
        }
      }
    }
    List<ContentRead> reads = vertex.op().contentReads();
    for (int i = 0; i < contents.size(); i++) {
      parts.add(new Identity.Part("content." + reads.get(i).path(), contents.get(i).toString()));
    }
    return parts;
  }
}
