package io.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.Nearest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Docker's words for sizes, ages, ports and columns; the expected texts are docker's own output.
 */
class TextTablesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0B",
    "999, 999B",
    "1000, 1kB",
    "2426880, 2.43MB",
    "4261502, 4.26MB",
    "186000000, 186MB",
    "1234567890, 1.23GB"
  })
  void sizes(long bytes, String text) {
    assertThat(HumanText.size(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, Less than a second",
    "1, 1 second",
    "59, 59 seconds",
    "60, About a minute",
    "119, About a minute",
    "120, 2 minutes",
    "3600, About an hour",
    "7200, 2 hours",
    "172800, 2 days",
    "1209600, 2 weeks",
    "5184000, 2 months",
    "63072000, 2 years"
  })
  void ages(long seconds, String text) {
    assertThat(HumanText.age(Duration.ofSeconds(seconds))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "512, 512",
    "1k, 1024",
    "64m, 67108864",
    "1.5g, 1610612736",
    "-1, -1",
    "2GB, 2147483648"
  })
  void byteSizes(String text, long bytes) {
    assertThat(ByteSize.parse("--memory", text)).isEqualTo(bytes);
  }

  @Test
  void aSizeThatIsNoneIsRefusedByName() {
    assertThatThrownBy(() -> ByteSize.parse("--memory", "lots"))
        .hasMessage("invalid argument \"lots\" for \"--memory\" flag: invalid size: 'lots'");
  }

  @ParameterizedTest
  @CsvSource({
    "80, '', '', 80/tcp",
    "8080:80, '', 8080, 80/tcp",
    "127.0.0.1:8080:80/udp, 127.0.0.1, 8080, 80/udp",
    "127.0.0.1::80, 127.0.0.1, '', 80/tcp",
    "[::1]:8080:80, ::1, 8080, 80/tcp"
  })
  void ports(String text, String ip, String host, String container) {
    assertThat(PortSpec.parse(text)).containsExactly(new PortSpec(ip, host, container));
  }

  @Test
  void portRangesAreSpeltOut() {
    assertThat(PortSpec.parse("8000-8001:80-81"))
        .containsExactly(new PortSpec("", "8000", "80/tcp"), new PortSpec("", "8001", "81/tcp"));
    assertThatThrownBy(() -> PortSpec.parse("8000-8002:80-81"))
        .hasMessageContaining("invalid ranges specified for container and host Ports");
    assertThatThrownBy(() -> PortSpec.parse("80:70000")).hasMessage("invalid containerPort: 70000");
  }

  @ParameterizedTest
  @CsvSource({"rnu, run", "imagse, images", "pul, pull", "buidl, build"})
  void aTypoFindsItsCommand(String typed, String meant) {
    assertThat(Nearest.to(typed, SlipwayCommands.table().names())).contains(meant);
  }

  @Test
  void nothingIsNearToNonsense() {
    assertThat(Nearest.to("frobnicate", SlipwayCommands.table().names())).isEmpty();
  }

  @Test
  void columnsAreThreeBlanksApart() {
    Table table = new Table("REPOSITORY", "TAG");
    table.row("a", "latest");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    table.print(new PrintStream(bytes));
    assertThat(bytes.toString().lines()).containsExactly("REPOSITORY   TAG", "a            latest");
  }

  @ParameterizedTest
  @CsvSource({
    "'exec: \"nosuch\": executable file not found in $PATH', 127",
    "'exec: \"/etc\": permission denied', 126",
    "'exec /etc: is a directory', 126",
    "'network nonet not found', 125"
  })
  void exitCodesComeFromTheDaemonsSentence(String message, int exitCode) {
    assertThat(NotStarted.exitCode(message)).isEqualTo(exitCode);
  }

  @Test
  void imageNamesKeepRegistryPorts() {
    assertThat(ImageName.parse("localhost:5000/a/b"))
        .isEqualTo(new ImageName("localhost:5000/a/b", "latest"));
    assertThat(ImageName.parse("localhost:5000/a:1"))
        .isEqualTo(new ImageName("localhost:5000/a", "1"));
    assertThat(DockerConfig.registryOf("localhost:5000/a")).isEqualTo("localhost:5000");
    assertThat(DockerConfig.registryOf("library/busybox")).isEqualTo("https://index.docker.io/v1/");
  }

  @Test
  void filtersOfOneKeyAreAlternatives() {
    assertThat(Filters.json(List.of("name=a", "name=b", "status=exited")))
        .isEqualTo("{\"name\":{\"a\":true,\"b\":true},\"status\":{\"exited\":true}}");
  }
}
