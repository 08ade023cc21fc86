package io.slipway.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
  private final Ipv4Subnet subnet = Ipv4Subnet.parse("172.30.5.1/29");
  private final AddressPool pool = new AddressPool(subnet, Optional.empty(), List.of());

  @Test
  void subnetArithmetic() {
    Ipv4Subnet big = Ipv4Subnet.parse("192.168.200.77/20");
    assertThat(big.network()).hasToString("192.168.192.0");
    assertThat(big.broadcast()).hasToString("192.168.207.255");
    assertThat(big.networkText()).isEqualTo("192.168.192.0/20");
    assertThat(big).hasToString("192.168.200.77/20");
    assertThat(big.contains(Ipv4Address.parse("192.168.208.0"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.1",
        "10.0.0/8",
        "10.0.0.256/8",
        "10.0.0.1/33",
        "10.0.0.1/31",
        "10.0.0.1/x",
        "::1/64",
        "a.b.c.d/16",
        "1.2.3.4.5/16"
      })
  void refusesWhatIsNoSubnet(String text) {
    assertThatThrownBy(() -> Ipv4Subnet.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("invalid ");
  }

  @Test
  void macAddressesFollowTheIpAsDockers() {
    MacAddress mac = MacAddress.of(Ipv4Address.parse("172.17.0.2"));
    assertThat(mac).hasToString("02:42:ac:11:00:02");
    assertThat(MacAddress.parse("02:42:AC:11:00:02")).isEqualTo(mac);
    assertThatThrownBy(() -> MacAddress.parse("02:42")).hasMessage("invalid MAC address: 02:42");
  }

  @Test
  void givesOutEachAddressOnceAndNotTheGateway() {
    Set<String> given = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      given.add(pool.next("c" + i).toString());
    }
    assertThat(given)
        .containsExactlyInAnyOrder(
            "172.30.5.2", "172.30.5.3", "172.30.5.4", "172.30.5.5", "172.30.5.6");
    assertThatThrownBy(() -> pool.next("one more"))
        .hasMessage("no available IPv4 addresses on this network's address pools: 172.30.5.0/29");
  }

  @Test
  void aFreedAddressRestsUntilTheOthersWereUsed() {
    IpAddress first = pool.next("a");
    pool.free(first);
    assertThat(pool.next("b")).hasToString("172.30.5.3");
    pool.next("c");
    pool.next("d");
    pool.next("e");
    assertThat(pool.next("f")).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({
    "172.30.5.9, INVALID, ip-range contain the IP address 172.30.5.9",
    "172.30.5.0, INVALID, ip-range contain",
    "172.30.5.7, INVALID, ip-range contain",
    "172.30.5.1, CONFLICT, Address already in use",
    "172.30.5.4, CONFLICT, Address already in use"
  })
  void aCertainAddressMustBeFree(String wanted, ErrorKind kind, String message) {
    pool.take(Ipv4Address.parse("172.30.5.4"), "holder");
    assertThatThrownBy(() -> pool.take(Ipv4Address.parse(wanted), "other"))
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void aRangeLimitsTheChoiceAndReservedOnesAreLeftOut() {
    AddressPool ranged =
        new AddressPool(
            Ipv4Subnet.parse("172.30.0.1/16"),
            Optional.of(Ipv4Subnet.parse("172.30.5.0/30")),
            List.of(Ipv4Address.parse("172.30.5.1")));
    assertThat(ranged.next("a")).hasToString("172.30.5.0");
    assertThat(ranged.next("b")).hasToString("172.30.5.2");
    assertThat(ranged.next("c")).hasToString("172.30.5.3");
    assertThatThrownBy(() -> ranged.next("d")).hasMessageContaining("no available IPv4");
    assertThat(ranged.take(Ipv4Address.parse("172.30.9.9"), "e")).hasToString("172.30.9.9");
  }

  @ParameterizedTest
  @CsvSource({
    "::, ::",
    "::1, ::1",
    "fd00:0:0:1:0:0:0:2, fd00:0:0:1::2",
    "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:1:0:1:1:1:1, 2001:db8:1:0:1:1:1:1",
    "fe80::, fe80::",
    "::ffff:1.2.3.4, ::ffff:102:304"
  })
  void ipv6IsWrittenAsTheStandardSays(String text, String canonical) {
    assertThat(Ipv6Address.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "fd00::1::2", "fe80::1%eth0", "localhost", "a:b", "12345::"})
  void refusesWhatIsNoIpv6Address(String text) {
    assertThatThrownBy(() -> Ipv6Address.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("invalid IPv6 address: " + text);
  }

  @Test
  void ipv6PoolsGoOnWithoutEnd() {
    Ipv6Subnet six = Ipv6Subnet.parse("fd00:0:0:1::1/64");
    AddressPool many = new AddressPool(six, Optional.empty(), List.of());
    assertThat(many.next("a")).hasToString("fd00:0:0:1::2");
    assertThat(many.take(Ipv6Address.parse("fd00:0:0:1:ffff::9"), "b"))
        .hasToString("fd00::1:ffff:0:0:9");
    assertThatThrownBy(() -> many.take(Ipv6Address.parse("fd00:0:0:2::9"), "c"))
        .hasMessageContaining("no configured subnet");
    assertThat(six.contains(Ipv6Address.parse("fd00:0:0:2::1"))).isFalse();
    assertThat(six.networkText()).isEqualTo("fd00:0:0:1::/64");
    assertThat(Ipv6Subnet.parse("fd00:1234::5/29").networkText()).isEqualTo("fd00:1230::/29");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.1.2.0/24, true",
    "10.1.2.0/24, 10.0.0.0/8, true",
    "10.1.2.0/24, 10.1.3.0/24, false",
    "fd00::/48, fd00:0:0:1::/64, true",
    "fd00::/64, 10.0.0.0/8, false"
  })
  void subnetsOverlapIfOneHoldsTheOther(String one, String other, boolean overlap) {
    assertThat(IpSubnet.parse(one).overlaps(IpSubnet.parse(other))).isEqualTo(overlap);
  }

  @Test
  void bindingsCollideOnlyOnTheSameSocket() {
    assertThat(binding("0.0.0.0").collidesWith(binding("127.0.0.1"))).isTrue();
    assertThat(binding("127.0.0.1").collidesWith(binding("127.0.0.2"))).isFalse();
    assertThat(binding("0.0.0.0").collidesWith(binding("::"))).isFalse();
    assertThat(binding("::").collidesWith(binding("::1"))).isTrue();
    PortBinding everywhere = new PortBinding(PortProtocol.TCP, 80, Optional.empty(), 80, 80);
    assertThat(everywhere.collidesWith(binding("::1"))).isTrue();
    assertThat(PublishedPort.of(everywhere, true)).hasSize(2);
    assertThat(PublishedPort.of(everywhere, false)).hasSize(1);
  }

  private static PortBinding binding(String address) {
    return new PortBinding(PortProtocol.TCP, 80, IpAddress.parse(address), 80);
  }

  @Test
  void bridgeNamesMustFitAnInterface() {
    assertThatThrownBy(() -> BridgeDescription.of("a-name-of-16-chr", subnet, 1500))
        .hasMessageContaining("invalid bridge name");
    assertThat(BridgeDescription.of("br0", subnet, 1500).masquerade()).isTrue();
  }

  @Test
  void portsAreChecked() {
    assertThatThrownBy(() -> new PortBinding(PortProtocol.TCP, 0, PortBinding.ANY, 80))
        .hasMessage("invalid containerPort: 0");
    assertThatThrownBy(() -> new PortBinding(PortProtocol.TCP, 80, PortBinding.ANY, 65536))
        .hasMessage("invalid hostPort: 65536");
    assertThat(EndpointOptions.DEFAULT.mac()).isEqualTo(Optional.empty());
  }
}
