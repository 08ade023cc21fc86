package io.slipway.builder.frontend;

import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.StepInfo;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.progress.PlannedStep;
import io.slipway.builder.progress.StepId;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.Word;
import io.slipway.dockerfile.word.Env;
import io.slipway.dockerfile.word.WordExpander;
import io.slipway.image.model.ContainerConfig;
import io.slipway.image.model.Digest;
import io.slipway.image.model.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/** A stage while its instructions are gone through, one after the other. */
final class StageBuild {
  private final PlanScope scope;
  private final StageTable.Entry entry;
  private final Map<String, String> variables;
  private final SequencedSet<String> arguments;
  private final List<PlannedStep> steps = new ArrayList<>();
  private ImageDraft image;
  private Vertex tree;
  private final WordExpander expander;
  private int layerSteps;
  private int totalLayerSteps;

  /** CMD has been set in this stage, so ENTRYPOINT leaves it alone. */
  private boolean commandSet;

  StageBuild(PlanScope scope, StageTable.Entry entry, StageResult base) {
    this.scope = scope;
    this.entry = entry;
    this.variables = new LinkedHashMap<>(base.variables());
    this.arguments = new LinkedHashSet<>(base.arguments());
    this.image = base.image();
    this.tree = base.tree();
    this.expander = scope.expander();
  }

  PlanScope scope() {
    return scope;
  }

  StageTable.Entry entry() {
    return entry;
  }

  ImageDraft image() {
    return image;
  }

  ContainerConfig config() {
    return image.config();
  }

  void config(ContainerConfig config) {
    image = image.withConfig(config);
  }

  void author(String author) {
    image = image.withAuthor(author);
  }

  Vertex tree() {
    return tree;
  }

  boolean commandSet() {
    return commandSet;
  }

  void markCommandSet() {
    commandSet = true;
  }

  Map<String, String> variables() {
    return variables;
  }

  /** The ARGs declared so far, in the order of their first declaration. */
  SequencedSet<String> arguments() {
    return arguments;
  }

  void totalLayerSteps(int total) {
    totalLayerSteps = total;
  }

  WordExpander expander() {
    return expander;
  }

  Env env() {
    Map<String, String> snapshot = Map.copyOf(variables);
    return name -> Optional.ofNullable(snapshot.get(name));
  }

  String expand(Word word) {
    return expander.expand(word, env()).text();
  }

  String expand(String text) {
    return expander.expand(text, env()).text();
  }

  /** Where relative paths start: WORKDIR, or the root. */
  String workingDirectory() {
    String directory = config().workingDir();
    return directory.isEmpty() ? "/" : ContainerPaths.clean(directory);
  }

  /** Adds a line to the history; one with a layer gets the mark of this kind of builder. */
  void history(String createdBy) {
    image = image.withStep(createdBy, "", false);
  }

  void historyWithAuthor(String createdBy, String author) {
    image = image.withStep(createdBy, author, false);
  }

  /** The tree after the instruction: {@code op} on the tree so far and {@code more} inputs. */
  void layer(Instruction instruction, Op op, List<Vertex> more, String createdBy) {
    layerSteps++;
    tree = on(tree, op, more, info(instruction, ""));
    image = image.withStep(createdBy, "", true);
  }

  /** As {@link #layer}, but {@code op} works on an empty tree, which then comes over the others. */
  void linkedLayer(Instruction instruction, Op op, List<Vertex> more, String createdBy) {
    layerSteps++;
    Platform platform = image.platform();
    Vertex empty =
        Vertex.of(Op.ImageSource.scratch(platform), List.of(), StepInfo.internal("FROM scratch"));
    Vertex own = on(empty, op, more, info(instruction, ""));
    tree = on(tree, new Op.Merge(), List.of(own), info(instruction, " (merging)"));
    image = image.withStep(createdBy, "", true);
  }

  private static Vertex on(Vertex tree, Op op, List<Vertex> more, StepInfo info) {
    var inputs = new ArrayList<Vertex>();
    inputs.add(tree);
    inputs.addAll(more);
    return Vertex.of(op, inputs, info);
  }

  private StepInfo info(Instruction instruction, String remark) {
    boolean mayIgnore = !(instruction instanceof Instruction.Workdir);
    String slot = names().slot(layerSteps);
    return new StepInfo(
        prefix() + display(instruction) + remark,
        slot + remark,
        scope.excerpt(instruction),
        mayIgnore && ignoresCache(),
        arguments);
  }

  private boolean ignoresCache() {
    CacheUse cache = scope.input().options().cache();
    return cache.none() || entry.name().filter(cache.notStages()::contains).isPresent();
  }

  /** {@code [build 2/4] }; the FROM is step 1. */
  private String prefix() {
    return prefix(layerSteps + 1);
  }

  String prefix(int number) {
    return names().prefix(number, totalLayerSteps + 1);
  }

  private StepNames names() {
    return new StepNames(scope.input(), entry, scope.stages().isOnly());
  }

  /** The instruction on one line, keyword in capitals, variables replaced. */
  String display(Instruction instruction) {
    String original = instruction.header().original();
    String keyword = instruction.header().keyword();
    String rest =
        original.startsWith(keyword) ? original.substring(keyword.length()).strip() : original;
    boolean isText =
        instruction instanceof Instruction.Run || instruction instanceof Instruction.Onbuild;
    String shown = isText ? rest : expander.expandForDisplay(rest, env());
    return (keyword.toUpperCase(Locale.ROOT) + " " + shown).replaceAll("\\s*\\n\\s*", " ").strip();
  }

  /** Notes an instruction that was just gone through. */
  void planned(String text, Optional<Vertex> work) {
    steps.add(
        new PlannedStep(
            steps.size() + 1,
            text,
            work.map(vertex -> new StepId(vertex.digest().toString())),
            work.flatMap(StageBuild::baseImage)));
  }

  private static Optional<Digest> baseImage(Vertex work) {
    return work.op() instanceof Op.ImageSource image ? image.imageId() : Optional.empty();
  }

  StageResult result() {
    return new StageResult(tree, image, variables, arguments, steps);
  }
}
