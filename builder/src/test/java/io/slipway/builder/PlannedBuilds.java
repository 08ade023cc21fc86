package io.slipway.builder;

import io.slipway.builder.context.BuildContext;
import io.slipway.builder.context.BuildContexts;
import io.slipway.builder.context.ContextSource;
import io.slipway.builder.context.DockerfileSource;
import io.slipway.builder.frontend.BaseImages;
import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.frontend.Frontend;
import io.slipway.builder.frontend.FrontendInput;
import io.slipway.builder.frontend.SourceText;
import io.slipway.builder.frontend.TestBases;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.CacheMiss;
import io.slipway.builder.remote.Remotes;
import io.slipway.builder.solver.FakeRunner;
import io.slipway.builder.solver.MemoryIndex;
import io.slipway.builder.solver.Solver;
import io.slipway.dockerfile.parse.DockerfileParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Builds of one context of which every step is planned and keyed, and none carried out. */
final class PlannedBuilds {
  private final FakeRunner.Kept kept = new FakeRunner.Kept();
  private final Solver solver = new Solver(new MemoryIndex());
  private final BuildContexts contexts;
  final Path context;

  PlannedBuilds(Path folder) throws IOException {
    contexts = BuildContexts.in(folder.resolve("contexts"), Remotes.in(folder.resolve("remotes")));
    context = Files.createDirectory(folder.resolve("context"));
  }

  void write(String path, String content) throws IOException {
    Path file = context.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** As if the results had been pruned, but not the index. */
  void forgetResults() {
    kept.forget();
  }

  /**
   * What a build did.
   *
   * @param ran the steps that ran, by the first letter of their instructions, in the file's order
   * @param misses why, by the steps' names without their numbers
   */
  record Outcome(String ran, Map<String, CacheMiss> misses) {
    /** The reason of the step whose instruction begins so, in one line. */
    String why(String step) {
      return misses.entrySet().stream()
          .filter(miss -> miss.getKey().startsWith(step))
          .map(miss -> miss.getValue().line())
          .findFirst()
          .orElse("");
    }
  }

  Outcome build(String dockerfile, BuildOptions options) throws IOException {
    return build(dockerfile, options, TestBases.all());
  }

  Outcome build(String dockerfile, BuildOptions options, BaseImages bases) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    try (BuildContext open =
        contexts.open(
            new ContextSource.Directory(context), new DockerfileSource.InContext("Dockerfile"))) {
      var input =
          new FrontendInput(
              DockerfileParser.parse(dockerfile),
              new SourceText("Dockerfile", dockerfile),
              options,
              TestBases.PLATFORM,
              "test");
      var plan = Frontend.plan(input, bases);
      var runner = new FakeRunner(kept, Optional.of(open));
      Map<String, String> names = new ConcurrentHashMap<>();
      Map<String, CacheMiss> misses = new LinkedHashMap<>();
      solver
          .prepare(
              plan.target(),
              runner,
              event -> {
                if (event instanceof BuildEvent.Started started) {
                  names.put(started.step().value(), words(started.name()));
                } else if (event instanceof BuildEvent.Missed missed) {
                  synchronized (misses) {
                    misses.put(names.get(missed.step().value()), missed.why());
                  }
                }
              })
          .run();
      String ran =
          runner.ran.stream().map(name -> words(name).substring(0, 1)).reduce("", String::concat);
      return new Outcome(ran, misses);
    }
  }

  private static String words(String name) {
    return name.replaceFirst("\\[.*?] ", "");
  }
}
