package io.slipway.registry.tls;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** The names and addresses by which clients may call this machine. */
final class LocalNames {
  private static final int IPV4_BYTES = 4;

  private LocalNames() {}

  /** {@code more}: names that the operator knows of. */
  static Set<String> with(Collection<String> more) {
    Set<String> names = new LinkedHashSet<>(more);
    names.add("localhost");
    names.add("127.0.0.1");
    try {
      names.add(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      // a machine without a name of its own
      names.add("localhost");
    }
    try {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(a -> a.getAddress().length == IPV4_BYTES)
          .map(InetAddress::getHostAddress)
          .forEach(names::add);
    } catch (SocketException e) {
      // no interfaces to be asked: the names above are all
      return names;
    }
    return names;
  }
}
