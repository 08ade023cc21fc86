package io.slipway.builder.frontend;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.slipway.builder.graph.GraphText;
import io.slipway.builder.progress.PlannedStep;
import io.slipway.dockerfile.parse.DockerfileParser;
import io.slipway.image.model.History;
import io.slipway.image.model.ImageConfig;
import io.slipway.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Dockerfiles to graphs, configs and histories. */
class PlanGoldenTest {

  @TestFactory
  List<DynamicTest> plans() {
    return Golden.topic("graph").cases().stream()
        .map(folder ->
            dynamicTest(
                folder.getFileName().toString(),
                () -> Golden.check(folder.resolve("plan.txt"), plan(folder))))
        .toList();
  }

  private static String plan(Path folder) throws IOException {
    String text = Files.readString(folder.resolve("Dockerfile"));
    var input =
        new FrontendInput(
            DockerfileParser.parse(text),
            new SourceText("Dockerfile", text),
            options(folder.resolve("options")),
            TestBases.PLATFORM,
            "golden");
    return describe(Frontend.plan(input, TestBases.all()));
  }

  private static BuildOptions options(Path file) throws IOException {
    BuildOptions options = BuildOptions.DEFAULTS;
    if (!Files.exists(file)) {
      return options;
    }
    var arguments = new LinkedHashMap<String, String>();
    var labels = new LinkedHashMap<String, String>();
    for (String line : Files.readAllLines(file)) {
      String name = line.substring(0, line.indexOf('='));
      String value = line.substring(line.indexOf('=') + 1);
      if (name.equals("target")) {
        options = options.withTarget(value);
      } else if (name.startsWith("arg.")) {
        arguments.put(name.substring("arg.".length()), value);
      } else {
        labels.put(name.substring("label.".length()), value);
      }
    }
    return options.withBuildArgs(arguments).withLabels(labels);
  }

  private static String describe(BuildPlan plan) {
    var text = new StringBuilder(GraphText.of(plan.target()));
    ImageDraft image = plan.image();
    ImageConfig config =
        new ImageConfig.Builder(image.platform())
            .author(image.author())
            .config(image.config())
            .build();
    text.append("\nconfig ").append(config.bytes().text()).append("\n\nhistory\n");
    for (History line : image.baseHistory()) {
      text.append("   base: ").append(line.createdBy()).append('\n');
    }
    for (ImageDraft.Step step : image.steps()) {
      text.append(step.layer() ? "   layer: " : "   empty: ");
      text.append(step.createdBy().replace("\n", "\\n"));
      text.append(step.author().isEmpty() ? "" : " (" + step.author() + ")").append('\n');
    }
    text.append("\nsteps\n");
    for (PlannedStep step : plan.steps()) {
      text.append("   ").append(step.number()).append(step.work().isPresent() ? " * " : "   ");
      text.append(step.instruction()).append('\n');
    }
    return text.toString();
  }
}
