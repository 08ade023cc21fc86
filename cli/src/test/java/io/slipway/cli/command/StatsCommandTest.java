package io.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.cli.client.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StatsCommandTest {
  private static JsonValue json(String text) throws IOException {
    return JsonValue.read(
        new ByteArrayInputStream(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void computesDockersColumns() throws IOException {
    String stats =
        """
        {'id':'0123456789abcdef','name':'/web',
         'cpu_stats':{'cpu_usage':{'total_usage':300},'system_cpu_usage':2000,'online_cpus':4},
         'precpu_stats':{'cpu_usage':{'total_usage':100},'system_cpu_usage':1000},
         'memory_stats':{'usage':3145728,'limit':4194304,'stats':{'inactive_file':1048576}},
         'networks':{'eth0':{'rx_bytes':1500,'tx_bytes':20},'eth1':{'rx_bytes':500,'tx_bytes':0}},
         'blkio_stats':{'io_service_bytes_recursive':[
           {'op':'read','value':1000},{'op':'Write','value':2000}]},
         'pids_stats':{'current':7}}
        """;
    assertThat(StatsCommand.row(json(stats), false).values())
        .containsExactly(
            "0123456789ab",
            "web",
            "80.00%",
            "2MiB / 4MiB",
            "50.00%",
            "2kB / 20B",
            "1kB / 2kB",
            "7",
            "0123456789ab");
  }

  @Test
  void aStoppedContainerHasZeros() throws IOException {
    assertThat(StatsCommand.row(json("{'id':'ab','name':'/x'}"), false).values())
        .containsExactly("ab", "x", "0.00%", "0B / 0B", "0.00%", "0B / 0B", "0B / 0B", "0", "ab");
  }
}
