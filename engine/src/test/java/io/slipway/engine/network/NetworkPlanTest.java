package io.slipway.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.engine.state.NetworkRecord;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.network.BridgeDescription;
import io.slipway.runtime.network.HostNetwork;
import io.slipway.runtime.network.IpSubnet;
import io.slipway.runtime.network.Ipv4Subnet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkPlanTest {
  private static final HostNetwork QUIET = new HostNetwork(List.of(), Optional.empty());
  private static final String LOCAL = "fd11:2222:3333";

  private static NetworkRecord.Pool pool(String subnet, String range, String gateway) {
    return new NetworkRecord.Pool(subnet, range, gateway, Map.of());
  }

  private static List<NetworkRecord.Pool> plan(boolean six, String used, NetworkRecord.Pool asked) {
    List<IpSubnet> others = used.isEmpty() ? List.of() : List.of(IpSubnet.parse(used));
    return NetworkPlan.pools(List.of(asked), six, others, QUIET, LOCAL);
  }

  @Test
  void choosesDockersPoolsInOrder() {
    List<IpSubnet> used = new ArrayList<>();
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < 31; i++) {
      NetworkRecord.Pool next = NetworkPlan.pools(List.of(), false, used, QUIET, LOCAL).getFirst();
      chosen.add(next.subnet());
      used.add(IpSubnet.parse(next.subnet()));
    }
    assertThat(chosen)
        .startsWith("172.17.0.0/16", "172.18.0.0/16")
        .contains("172.31.0.0/16", "192.168.0.0/20")
        .endsWith("192.168.240.0/20");
    assertThatThrownBy(() -> NetworkPlan.pools(List.of(), false, used, QUIET, LOCAL))
        .hasMessage("all predefined address pools have been fully subnetted");
  }

  @Test
  void leavesOutWhatTheMachineHasRoutesTo() {
    HostNetwork host =
        new HostNetwork(List.of(Ipv4Subnet.parse("172.17.5.0/24")), Optional.empty());
    assertThat(NetworkPlan.pools(List.of(), false, List.of(), host, LOCAL).getFirst())
        .isEqualTo(pool("172.18.0.0/16", "", "172.18.0.1"));
  }

  @Test
  void ipv6GetsAPrefixOfTheDaemonsOwn() {
    List<IpSubnet> used = List.of(IpSubnet.parse("fd11:2222:3333::/64"));
    assertThat(NetworkPlan.pools(List.of(), true, used, QUIET, LOCAL).get(1))
        .isEqualTo(pool("fd11:2222:3333:1::/64", "", "fd11:2222:3333:1::1"));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "10.1.0.0/16, '', '', 10.1.0.1",
        "10.1.0.0/16, 10.1.5.0/24, '', 10.1.5.0",
        "10.1.0.0/16, 10.1.5.0/24, 10.1.5.254, 10.1.5.254",
        "10.1.0.0/16, '', 10.1.0.9/16, 10.1.0.9"
      })
  void completesWhatWasAskedFor(String subnet, String range, String gateway, String expected) {
    assertThat(plan(false, "", pool(subnet, range, gateway)).getFirst().gateway())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.0.5/16, '', '', INVALID, it should be 10.1.0.0/16",
    "10.1.0.0/33, '', '', INVALID, invalid subnet 10.1.0.0/33",
    "10.1.0.0/16, 10.2.0.0/24, '', INVALID, invalid ip-range 10.2.0.0/24",
    "10.1.0.0/16, '', 10.2.0.1, INVALID, invalid gateway 10.2.0.1",
    "'', '', 10.2.0.1, INVALID, an ip-range or a gateway needs a subnet",
    "10.9.0.0/24, '', '', FORBIDDEN, Pool overlaps with other one on this address space",
    "fd00::/64, '', '', INVALID, IPv6 is not enabled"
  })
  void refuses(String subnet, String range, String gateway, ErrorKind kind, String message) {
    assertThatThrownBy(() -> plan(false, "10.9.0.0/16", pool(subnet, range, gateway)))
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void describesTheBridge() {
    NetworkRecord.Pool four =
        new NetworkRecord.Pool(
            "10.1.0.0/16", "10.1.5.0/24", "10.1.5.254", Map.of("router", "10.1.5.1"));
    NetworkRecord network =
        new NetworkRecord(
            "0123456789abcdef",
            "net",
            Instant.EPOCH,
            "bridge",
            "br-0123456789ab",
            true,
            true,
            false,
            new NetworkRecord.Ipam("", null, List.of(four, pool("fd00::/64", "", "fd00::1"))),
            true,
            Map.of(BridgeOptions.ICC, "false", BridgeOptions.MTU, "1400"),
            Map.of(),
            false,
            "");
    BridgeDescription bridge = NetworkPlan.bridge(network);
    assertThat(bridge.gateway()).hasToString("10.1.5.254/16");
    assertThat(bridge.gateway6().orElseThrow()).hasToString("fd00::1/64");
    assertThat(bridge.ranges()).hasToString("[10.1.5.0/24]");
    assertThat(bridge.reserved()).hasToString("[10.1.5.1]");
    assertThat(bridge.mtu()).isEqualTo(1400);
    assertThat(bridge.internal()).isTrue();
    assertThat(bridge.interContainer()).isFalse();
    assertThat(bridge.masquerade()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "com.docker.network.bridge.gateway_mode_ipv4, routed, is not supported",
    "com.docker.network.bridge.enable_icc, maybe, invalid value 'maybe'",
    "com.docker.network.driver.mtu, big, invalid value 'big'",
    "com.docker.network.bridge.host_binding_ipv4, here, invalid value 'here'"
  })
  void optionsAreReadOrRefusedByName(String key, String value, String message) {
    assertThatThrownBy(() -> BridgeOptions.of(Map.of(key, value)))
        .hasMessageContaining(key)
        .hasMessageContaining(message);
  }
}
