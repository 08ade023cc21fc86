package io.slipway.dockerfile.parse;

import io.slipway.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every {@code golden/ast/CASE/Dockerfile} against the {@code ast.txt} beside it. */
class AstGoldenTest {

  static List<Path> cases() {
    return Golden.topic("ast").cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void reads(Path directory) throws IOException {
    byte[] text = Files.readAllBytes(directory.resolve("Dockerfile"));
    Golden.check(directory.resolve("ast.txt"), AstText.of(DockerfileParser.parse(text)));
  }
}
