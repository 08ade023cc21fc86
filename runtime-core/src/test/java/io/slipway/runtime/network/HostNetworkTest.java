package io.slipway.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostNetworkTest {
  private static final String HEADER =
      "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n";

  @TempDir Path directory;

  private HostNetwork read(String... lines) throws IOException {
    Path routes = Files.writeString(directory.resolve("route"), HEADER + String.join("\n", lines));
    return HostNetwork.read(routes, name -> name.equals("eth0") ? 1400 : 1500);
  }

  @Test
  void takesTheMtuOfTheWayOut() throws IOException {
    HostNetwork host =
        read(
            "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
            "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0");
    assertThat(host.containerMtu()).isEqualTo(1400);
    assertThat(host.subnets()).containsExactly(Ipv4Subnet.parse("172.17.0.0/16"));
    assertThat(host.freeGateway()).contains(Ipv4Subnet.parse("172.18.0.1/16"));
  }

  @Test
  void aMachineWithoutRoutesHasDockersDefaults() throws IOException {
    HostNetwork host = read();
    assertThat(host.containerMtu()).isEqualTo(1500);
    assertThat(host.freeGateway()).contains(Ipv4Subnet.parse("172.17.0.1/16"));
  }

  @Test
  void oneHostOfAPoolIsEnoughToAvoidIt() throws IOException {
    HostNetwork host = read("tun0\t010012AC\t00000000\t0001\t0\t0\t0\tFFFFFFFF\t0\t0\t0");
    assertThat(host.isFree(Ipv4Subnet.parse("172.18.0.1/16"))).isFalse();
    assertThat(host.isFree(Ipv4Subnet.parse("172.17.0.1/16"))).isTrue();
  }
}
