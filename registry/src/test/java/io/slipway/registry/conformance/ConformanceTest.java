package io.slipway.registry.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.http.RegistryServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Our registry passes every case, each a test of its own. */
class ConformanceTest {
  @TempDir static Path folder;
  private static final List<String> LOG = new CopyOnWriteArrayList<>();
  private static RegistryServer strict;
  private static RegistryServer sparse;

  @BeforeAll
  static void open() {
    strict = RegistryServer.open(settings("strict", Map.of()), LOG::add);
    sparse =
        RegistryServer.open(settings("sparse", Map.of("manifests.sparse", "allow-all")), LOG::add);
  }

  private static RegistrySettings settings(String name, Map<String, String> values) {
    return RegistrySettings.of(ListenAddress.parse("127.0.0.1:0"), folder.resolve(name), values);
  }

  @AfterAll
  static void close() {
    strict.close();
    sparse.close();
    assertThat(LOG).noneMatch(line -> line.contains("unexpected failure"));
  }

  @TestFactory
  Stream<DynamicTest> everyCase() {
    return tests(Suite.cases(), strict);
  }

  @TestFactory
  Stream<DynamicTest> everySparseCase() {
    return tests(Suite.sparseCases(), sparse);
  }

  private static Stream<DynamicTest> tests(List<Case> cases, RegistryServer server) {
    Target target = Target.open(server.address().toString());
    return cases.stream()
        .map(one ->
            DynamicTest.dynamicTest(
                one.name(), () -> assertThat(Suite.run(one, target).failures()).isEmpty()));
  }
}
