package io.slipway.engine.network;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.Collection;

/**
 * Networks that are but descriptions ({@code --config-only}), and networks made from them ({@code
 * --config-from}); with dockerd's words for what does not go together.
 */
final class ConfigNetworks {
  private ConfigNetworks() {}

  /** The request with the description that it names, if it names one. */
  static NetworkRequest complete(NetworkRequest request, Collection<Network> made) {
    boolean operators =
        request.ingress()
            || request.internal()
            || request.attachable()
            || !request.scope().isEmpty();
    if (request.configOnly() && operators) {
      throw forbidden(
          "configuration network can only contain network specific fields. Network operator fields"
              + " like [ ingress | internal | attachable | scope ] are not supported.");
    }
    if (request.configName().isEmpty()) {
      return request;
    }
    checkNothingElse(request);
    return made.stream()
        .filter(n -> n.record().configOnly() && n.name().equals(request.configName()))
        .findFirst()
        .map(n -> request.withConfigurationOf(n.record()))
        .orElseThrow(() ->
            SlipwayException.notFound(
                "configuration network \"" + request.configName() + "\" does not exist"));
  }

  private static void checkNothingElse(NetworkRequest request) {
    if (request.configOnly()) {
      throw forbidden("a configuration network cannot depend on another configuration network");
    }
    boolean own =
        !request.ipam().driver().equals("default")
            || request.wantsIpv6()
            || !request.labels().isEmpty()
            || request.ipam().options() != null && !request.ipam().options().isEmpty()
            || !request.ipam().config().isEmpty();
    if (own) {
      throw forbidden(
          "user specified configurations are not supported if the network depends on a"
              + " configuration network");
    }
    if (!request.options().isEmpty()) {
      throw forbidden(
          "network driver options are not supported if the network depends on a configuration"
              + " network");
    }
  }

  static void checkUnused(Network network, Collection<Network> made) {
    boolean used =
        network.record().configOnly()
            && made.stream().anyMatch(n -> n.record().configFrom().equals(network.name()));
    if (used) {
      throw forbidden(
          "error while removing network: configuration network \""
              + network.name()
              + "\" is in use");
    }
  }

  /** Nobody joins a description. */
  static void checkJoinable(Network network) {
    if (network.record().configOnly()) {
      throw forbidden("cannot create endpoint on configuration-only network");
    }
  }

  private static SlipwayException forbidden(String message) {
    return new SlipwayException(ErrorKind.FORBIDDEN, message);
  }
}
