package io.slipway.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.engine.model.Json;
import io.slipway.engine.state.NetworkRecord;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigNetworksTest {
  private static final Network CONF = network("conf", true, "");
  private static final Network ONE = network("one", false, "conf");
  private static final List<Network> MADE = List.of(CONF, ONE);

  private static Network network(String name, boolean configOnly, String from) {
    return new Network(
        new NetworkRecord(
            name + "-id",
            name,
            Instant.EPOCH,
            configOnly ? "null" : "bridge",
            "",
            true,
            false,
            false,
            new NetworkRecord.Ipam("", null, List.of(pool("10.77.0.0/24"))),
            true,
            Map.of("com.docker.network.driver.mtu", "1400"),
            Map.of("a", "b"),
            configOnly,
            from),
        Optional.empty());
  }

  private static NetworkRecord.Pool pool(String subnet) {
    return new NetworkRecord.Pool(subnet, "", "", null);
  }

  private static NetworkRequest request(String fields) throws IOException {
    String from = fields.contains("ConfigFrom") ? "" : ",'ConfigFrom':{'Network':'conf'}";
    String all = "{'Name':'new'" + from + fields + "}";
    return Json.read(all.replace('\'', '"').getBytes(), NetworkRequest.class);
  }

  @Test
  void aNetworkHasTheDescriptionThatItNames() throws Exception {
    NetworkRequest complete = ConfigNetworks.complete(request(""), MADE);
    assertThat(complete.name()).isEqualTo("new");
    assertThat(complete.ipam().config()).containsExactly(pool("10.77.0.0/24"));
    assertThat(complete.wantsIpv6()).isTrue();
    assertThat(complete.options()).containsEntry("com.docker.network.driver.mtu", "1400");
    assertThat(complete.labels()).containsEntry("a", "b");
    assertThat(complete.driver()).isEqualTo("bridge");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'ConfigFrom':{'Network':'nosuch'} | configuration network \"nosuch\" does not exist",
        "'ConfigFrom':{'Network':'one'} | configuration network \"one\" does not exist",
        "'IPAM':{'Config':[{'Subnet':'10.1.0.0/16'}]} | user specified configurations are not"
            + " supported if the network depends on a configuration network",
        "'Labels':{'c':'d'} | user specified configurations are not supported if the network"
            + " depends on a configuration network",
        "'Options':{'x':'y'} | network driver options are not supported if the network depends on"
            + " a configuration network",
        "'ConfigOnly':true | a configuration network cannot depend on another configuration"
            + " network",
      })
  void whatDoesNotGoTogetherIsRefused(String fields, String message) {
    assertThatThrownBy(() -> ConfigNetworks.complete(request("," + fields), MADE))
        .isInstanceOf(SlipwayException.class)
        .hasMessage(message);
  }

  @Test
  void aDescriptionSaysNothingOfWhoMayUseIt() {
    for (String operator : List.of("'Internal':true", "'Attachable':true", "'Scope':'local'")) {
      assertThatThrownBy(
              () -> ConfigNetworks.complete(request(",'ConfigOnly':true," + operator), MADE))
          .hasMessageStartingWith("configuration network can only contain network specific fields");
    }
  }

  @Test
  void aDescriptionIsNeitherJoinedNorRemovedWhileItIsUsed() {
    assertThatThrownBy(() -> ConfigNetworks.checkJoinable(CONF))
        .hasMessage("cannot create endpoint on configuration-only network");
    assertThatThrownBy(() -> ConfigNetworks.checkUnused(CONF, MADE))
        .hasMessage("error while removing network: configuration network \"conf\" is in use");
    ConfigNetworks.checkUnused(CONF, List.of(CONF));
    ConfigNetworks.checkJoinable(ONE);
  }
}
