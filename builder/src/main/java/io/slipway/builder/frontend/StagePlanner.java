package io.slipway.builder.frontend;

import io.slipway.builder.error.DockerfileException;
import io.slipway.builder.frontend.StageTable.Origin;
import io.slipway.builder.graph.FileAction;
import io.slipway.builder.graph.FileActions;
import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.StepInfo;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.progress.PlannedStep;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.SourceRange;
import io.slipway.dockerfile.parse.DockerfileParser;
import io.slipway.dockerfile.parse.FlagValueException;
import io.slipway.dockerfile.word.ExpansionException;
import io.slipway.dockerfile.word.WordExpander;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Plans stages, each once, and with it the stages it needs. */
final class StagePlanner {
  private static final String PATH = "PATH";
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final FrontendInput input;
  private final StageTable table;
  private final PlanScope scope;
  private final ImageLookups images;
  private final Map<Integer, StageResult> planned = new TreeMap<>();

  StagePlanner(FrontendInput input, GlobalScope globals, StageTable table, BaseImages images) {
    this.input = input;
    this.table = table;
    this.images = new ImageLookups(images);
    this.scope =
        new PlanScope(
            input, globals, table, new WordExpander(input.dockerfile().escape()), this::tree);
  }

  /** Starts looking up, at once, the images that the stage certainly needs. */
  void prefetch(int target) {
    Set<Integer> needed = new LinkedHashSet<>();
    collect(target, needed);
    for (int index : needed) {
      if (table.get(index).base() instanceof Origin.Image image) {
        images.start(image.reference(), platform(table.get(index)));
      }
    }
  }

  private void collect(int index, Set<Integer> needed) {
    if (!needed.add(index)) {
      return;
    }
    StageTable.Entry entry = table.get(index);
    if (entry.base() instanceof Origin.Earlier earlier) {
      collect(earlier.index(), needed);
    }
    for (Instruction instruction : entry.stage().instructions()) {
      Optional<String> from = instruction.header().flagValue("from").filter(f -> !f.isEmpty());
      if (instruction instanceof Instruction.Copy && from.isPresent()) {
        located(instruction, () -> follow(from.get(), index, needed));
      }
    }
  }

  private void follow(String from, int index, Set<Integer> needed) {
    switch (table.copySource(from, index)) {
      case Origin.Earlier earlier -> collect(earlier.index(), needed);
      case Origin.Image image -> images.start(image.reference(), Frontend.platform(input));
      case Origin.Scratch(), Origin.Context _ -> {
        // nothing to look up yet
      }
    }
  }

  StageResult plan(int index) {
    StageResult known = planned.get(index);
    if (known != null) {
      return known;
    }
    StageTable.Entry entry = table.get(index);
    StageResult base = located(entry.stage().from(), () -> base(entry));
    List<Instruction> triggers = triggers(base.image().config().onBuild());
    var stage = new StageBuild(scope, entry, withoutTriggers(base));
    stage.totalLayerSteps(layerSteps(entry, triggers));
    stage.planned(
        entry.stage().from().header().original(),
        entry.base() instanceof Origin.Image ? Optional.of(base.tree()) : Optional.empty());
    for (Instruction trigger : triggers) {
      dispatch(stage, trigger, Optional.empty());
    }
    for (Instruction instruction : entry.stage().instructions()) {
      dispatch(stage, instruction, Optional.of(instruction.range()));
    }
    StageResult result = stage.result();
    planned.put(index, result);
    return result;
  }

  /** The steps of all planned stages, in the order of the file, numbered through. */
  List<PlannedStep> steps() {
    var all = new ArrayList<PlannedStep>();
    for (StageResult stage : planned.values()) {
      for (PlannedStep step : stage.steps()) {
        all.add(step.numbered(all.size() + 1));
      }
    }
    return all;
  }

  private StageResult base(StageTable.Entry entry) {
    Platform platform = platform(entry);
    return switch (entry.base()) {
      case Origin.Scratch() -> scratch(platform);
      case Origin.Earlier earlier -> inherit(plan(earlier.index()));
      case Origin.Image image -> fromImage(entry, images.get(image.reference(), platform));
      case Origin.Context context -> fromContext(entry, context);
    };
  }

  private Platform platform(StageTable.Entry entry) {
    return entry.platform().orElseGet(() -> Frontend.platform(input));
  }

  private StageResult scratch(Platform platform) {
    var draft = ImageDraft.scratch(platform);
    var config =
        draft.config().toBuilder().env(List.of(PATH + "=" + DEFAULT_PATH)).workingDir("/").build();
    return new StageResult(
        Vertex.of(Op.ImageSource.scratch(platform), List.of(), StepInfo.internal("FROM scratch")),
        draft.withConfig(config),
        variables(config.env()),
        new LinkedHashSet<>(),
        List.of());
  }

  /** A stage sees the ENV values of the one it starts from again, whatever ARG made of them. */
  private static StageResult inherit(StageResult parent) {
    var variables = new java.util.LinkedHashMap<>(parent.variables());
    variables.putAll(variables(parent.image().config().env()));
    return new StageResult(parent.tree(), parent.image(), variables, parent.arguments(), List.of());
  }

  private StageResult fromContext(StageTable.Entry entry, Origin.Context origin) {
    return switch (origin.context()) {
      case NamedContext.Image image ->
          fromImage(entry, images.get(image.reference(), platform(entry)));
      case NamedContext.Layout layout -> fromImage(entry, images.get(layout, platform(entry)));
      case NamedContext.Local _, NamedContext.Git _, NamedContext.Http _ -> {
        StageResult empty = scratch(platform(entry));
        Vertex files = contextFiles(origin);
        // what came with the build is no snapshot: it is copied into one
        Vertex tree =
            origin.context() instanceof NamedContext.Local
                ? copied(empty.tree(), files, origin.name())
                : files;
        yield new StageResult(tree, empty.image(), empty.variables(), empty.arguments(), List.of());
      }
    };
  }

  private static Vertex copied(Vertex empty, Vertex files, String name) {
    var copy =
        new FileAction.Copy(
            1, "/", false, "/", Optional.empty(), Optional.empty(), false, List.of());
    return Vertex.of(
        new FileActions(List.of(copy)),
        List.of(empty, files),
        StepInfo.internal("[context " + name + "] copy files"));
  }

  private Vertex contextFiles(Origin.Context origin) {
    return switch (origin.context()) {
      case NamedContext.Local _ ->
          Vertex.of(
              new Op.LocalSource(origin.name()),
              List.of(),
              StepInfo.internal("[context " + origin.name() + "] load from client"));
      case NamedContext.Git git -> RemoteSource.git(git.remote());
      case NamedContext.Http http -> RemoteSource.http(http.url(), Optional.empty());
      case NamedContext.Image image -> {
        BaseImage found = images.get(image.reference(), Frontend.platform(input));
        yield source(found, "FROM " + found.reference());
      }
      case NamedContext.Layout layout -> {
        BaseImage found = images.get(layout, Frontend.platform(input));
        yield source(found, "FROM " + found.reference());
      }
    };
  }

  private StageResult fromImage(StageTable.Entry entry, BaseImage image) {
    ImageDraft draft = ImageDraft.of(image);
    List<String> env = new ArrayList<>(draft.config().env());
    if (env.stream().noneMatch(line -> line.startsWith(PATH + "="))) {
      env.add(PATH + "=" + DEFAULT_PATH);
    }
    draft = draft.withConfig(draft.config().toBuilder().env(env).build());
    int total = layerSteps(entry, triggers(draft.config().onBuild())) + 1;
    String name = new StepNames(input, entry, table.isOnly()).prefix(1, total);
    return new StageResult(
        source(image, name + "FROM " + image.reference()),
        draft,
        variables(env),
        new LinkedHashSet<>(),
        List.of());
  }

  private static Vertex source(BaseImage image, String name) {
    var config = image.config();
    var chain = config.rootFs().chain();
    return Vertex.of(
        new Op.ImageSource(
            image.reference().toString(),
            Optional.of(config.id()),
            chain.isEmpty() ? Optional.empty() : Optional.of(chain.getLast()),
            config.platform()),
        List.of(),
        StepInfo.internal(name));
  }

  private static Map<String, String> variables(List<String> env) {
    var variables = new java.util.LinkedHashMap<String, String>();
    for (String line : env) {
      int equals = line.indexOf('=');
      if (equals >= 0) {
        variables.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return variables;
  }

  /** The tree of what a COPY or a mount names. */
  private Vertex tree(Origin origin) {
    return switch (origin) {
      case Origin.Scratch() -> scratch(Frontend.platform(input)).tree();
      case Origin.Earlier earlier -> plan(earlier.index()).tree();
      case Origin.Image image -> {
        BaseImage found = images.get(image.reference(), Frontend.platform(input));
        yield source(found, "FROM " + found.reference());
      }
      case Origin.Context context -> contextFiles(context);
    };
  }

  private List<Instruction> triggers(List<String> texts) {
    var triggers = new ArrayList<Instruction>();
    for (String text : texts) {
      Dockerfile parsed = DockerfileParser.parseTrigger(text);
      parsed
          .firstError()
          .ifPresent(error -> {
            throw SlipwayException.invalid("ONBUILD trigger \"" + text + "\": " + error.sentence());
          });
      triggers.addAll(parsed.instructions());
    }
    return triggers;
  }

  private static StageResult withoutTriggers(StageResult base) {
    var config = base.image().config().toBuilder().onBuild(List.of()).build();
    return new StageResult(
        base.tree(),
        base.image().withConfig(config),
        base.variables(),
        base.arguments(),
        List.of());
  }

  private static int layerSteps(StageTable.Entry entry, List<Instruction> triggers) {
    var all = new ArrayList<>(triggers);
    all.addAll(entry.stage().instructions());
    return (int)
        all.stream()
            .filter(instruction ->
                instruction instanceof Instruction.Run
                    || instruction instanceof Instruction.Transfer
                    || instruction instanceof Instruction.Workdir)
            .count();
  }

  private void dispatch(StageBuild stage, Instruction instruction, Optional<SourceRange> range) {
    Vertex before = stage.tree();
    String text = instruction.header().original();
    located(
        range,
        () -> {
          InstructionDispatch.dispatch(stage, instruction);
          return stage;
        });
    stage.planned(text, stage.tree() == before ? Optional.empty() : Optional.of(stage.tree()));
  }

  private void located(Instruction instruction, Runnable work) {
    located(
        Optional.of(instruction.range()),
        () -> {
          work.run();
          return instruction;
        });
  }

  private <T> T located(Instruction instruction, java.util.function.Supplier<T> work) {
    return located(Optional.of(instruction.range()), work);
  }

  /** Failures get the lines of the instruction, the innermost one's if several are nested. */
  private <T> T located(Optional<SourceRange> range, java.util.function.Supplier<T> work) {
    try {
      return work.get();
    } catch (DockerfileException e) {
      throw e;
    } catch (ExpansionException | FlagValueException | SlipwayException e) {
      throw input.source().failure(e, range);
    }
  }
}
