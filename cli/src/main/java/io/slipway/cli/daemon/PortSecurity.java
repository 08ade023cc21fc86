package io.slipway.cli.daemon;

import io.slipway.engine.http.ListenAddress;
import io.slipway.image.tls.TlsFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Who may come in by the daemon's ports.
 *
 * @param tls the daemon's certificate, and who vouches for clients; empty for ports without TLS
 * @param verifiesClients only clients with a certificate
 * @param plainAnywhere ports without TLS may be open to other machines
 */
public record PortSecurity(Optional<TlsFiles> tls, boolean verifiesClients, boolean plainAnywhere) {
  /** Ports without TLS. */
  public static PortSecurity plain(boolean anywhere) {
    return new PortSecurity(Optional.empty(), false, anywhere);
  }

  /**
   * Reads an address as it was given.
   *
   * @param execRoot where the socket behind a port with TLS is
   * @param log is warned of ports that anybody may use
   */
  ListenAddress address(String text, Path execRoot, Consumer<String> log) {
    if (tls.isPresent() && text.startsWith("tcp://")) {
      ListenAddress.Tcp tcp = ListenAddress.parseTcp(text, ListenAddress.DEFAULT_TLS_PORT);
      Path relay = execRoot.resolve("tls-" + tcp.port() + ".sock");
      return new ListenAddress.Tls(tcp, tls.get().context(), verifiesClients, relay);
    }
    ListenAddress address = ListenAddress.parse(text, plainAnywhere);
    if (address instanceof ListenAddress.Tcp) {
      log.accept(
          "warning: "
              + address
              + " has no TLS: everybody who can reach it is root on this machine; use --tlsverify");
    }
    return address;
  }
}
